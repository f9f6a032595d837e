import type { BotStatus, FleetStatus } from "../../../shared/contract/fleet-status.ts";
import type { ProcessIdentity } from "../../../shared/process/identity.ts";
import type { BotView } from "../../fleet/bot-view.ts";

export interface SupervisorFacts {
  readonly identity: ProcessIdentity;
  readonly startedAtMs: number;
  readonly state: FleetStatus["state"];
  readonly sandboxUrl: string | undefined;
  readonly pageUrl: string | undefined;
}

/** The status file's content from what the supervisor and its fleet know. */
export function composeStatus(
  facts: SupervisorFacts,
  bots: readonly BotView[],
  nowMs: number,
): FleetStatus {
  return {
    version: 1,
    supervisor: facts.identity,
    startedAt: facts.startedAtMs,
    updatedAt: nowMs,
    state: facts.state,
    ...(facts.sandboxUrl === undefined ? {} : { sandboxUrl: facts.sandboxUrl }),
    ...(facts.pageUrl === undefined ? {} : { pageUrl: facts.pageUrl }),
    bots: bots.map(botStatus),
  };
}

export function botStatus(bot: BotView): BotStatus {
  return {
    name: bot.name,
    role: bot.role,
    state: bot.state,
    reason: bot.reason,
    polling: bot.polling,
    since: bot.since,
    restarts: bot.restarts,
    errors: { ...bot.errors },
    ...(bot.pid === undefined ? {} : { pid: bot.pid }),
    ...(bot.sending === undefined ? {} : { sending: bot.sending }),
    ...(bot.sessions === undefined ? {} : { sessions: bot.sessions }),
    ...(bot.intake === undefined ? {} : { intake: bot.intake }),
    ...(bot.identity === undefined ? {} : { identity: bot.identity }),
    ...(bot.startedAt === undefined ? {} : { startedAt: bot.startedAt }),
    ...(bot.silentSince === undefined ? {} : { silentSince: bot.silentSince }),
    ...(bot.botId === undefined ? {} : { botId: bot.botId }),
    ...(bot.nextTryAt === undefined ? {} : { nextTryAt: bot.nextTryAt }),
    ...(bot.lastPollCompletedAt === undefined
      ? {}
      : { lastPollCompletedAt: bot.lastPollCompletedAt }),
  };
}
