import type { BotStatus, FleetStatus } from "../../shared/contract/fleet-status.ts";

const columns = ["bot", "state", "receiving", "pid", "restarts", "why"] as const;

/** The fleet as a table that fits a terminal. Pure: what it shows is what it is given. */
export function statusTable(bots: FleetStatus["bots"], nowMs: number): string {
  const rows = [[...columns], ...bots.map((bot) => rowOf(bot, nowMs))];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function rowOf(bot: BotStatus, nowMs: number): string[] {
  return [
    bot.name,
    bot.state,
    bot.pid === undefined ? "-" : bot.polling.state,
    bot.pid === undefined ? "-" : String(bot.pid),
    String(bot.restarts),
    whyOf(bot, nowMs),
  ];
}

function whyOf(bot: BotStatus, nowMs: number): string {
  const nextTry =
    bot.nextTryAt === undefined
      ? undefined
      : `next try in ${Math.max(0, Math.ceil((bot.nextTryAt - nowMs) / 1000))} s`;
  // A bot that works needs no explanation.
  const reason = bot.state === "ready" ? undefined : bot.reason;
  return [reason, bot.polling.reason, nextTry]
    .filter((part) => part !== undefined && part !== "")
    .join("; ");
}
