import { type BotHandler, reply } from "../../../shared/bot-runtime/commands/reply.ts";
import {
  describeStatus,
  formatPolling,
  type RuntimeStatus,
} from "../../../shared/bot-runtime/runtime-status.ts";
import type { FleetStatus } from "../../../shared/contract/fleet-status.ts";
import { formatDuration } from "../../../shared/duration.ts";

/** `/status` of main: itself, then every bot of the fleet. */
export function fleetStatus(
  status: () => RuntimeStatus,
  fleet: () => Promise<FleetStatus | undefined>,
): BotHandler {
  return async (ctx) => {
    const own = status();
    const nowMs = own.startedAtMs + own.uptimeMs;
    const others = own.supervised ? await fleet() : undefined;
    const text =
      others === undefined ? "No supervisor: this bot runs alone." : describeFleet(others, nowMs);
    await reply(ctx, `${describeStatus(own, nowMs)}\n\n${text}`);
  };
}

function describeFleet(fleet: FleetStatus, nowMs: number): string {
  const bots = fleet.bots.map((bot) => {
    const receiving =
      bot.pid === undefined ? (bot.reason ?? "not running") : formatPolling(bot.polling, nowMs);
    return `${bot.name}: ${bot.state} for ${formatDuration(nowMs - bot.since)}, ${receiving}, restarts ${bot.restarts}`;
  });
  return [`Fleet, up for ${formatDuration(nowMs - fleet.startedAt)}:`, ...bots].join("\n");
}
