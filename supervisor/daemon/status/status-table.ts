import type { BotStatus, FleetStatus } from "../../../shared/contract/fleet-status.ts";
import { formatDuration } from "../../../shared/duration.ts";
import { alignColumns } from "./columns.ts";

const heading = ["bot", "state", "receiving", "pid", "restarts", "last poll", "waiting", "why"];

/** The fleet as a table that fits a terminal. Pure: what it shows is what it is given. */
export function statusTable(bots: FleetStatus["bots"], nowMs: number): string {
  return alignColumns([heading, ...bots.map((bot) => rowOf(bot, nowMs))]);
}

function rowOf(bot: BotStatus, nowMs: number): string[] {
  const runs = bot.pid !== undefined;
  return [
    bot.name,
    bot.state,
    runs ? bot.polling.state : "-",
    runs ? String(bot.pid) : "-",
    String(bot.restarts),
    runs && bot.lastPollCompletedAt !== undefined
      ? `${formatDuration(nowMs - bot.lastPollCompletedAt)} ago`
      : "-",
    bot.intake === undefined ? "-" : waitingOf(bot.intake, nowMs) + answersOf(bot.sending),
    whyOf(bot, nowMs),
  ];
}

/** How many updates wait, and the oldest one's age where there is one. */
function waitingOf(
  { depth, oldestUnhandledAt }: NonNullable<BotStatus["intake"]>,
  nowMs: number,
): string {
  return oldestUnhandledAt === null
    ? String(depth)
    : `${depth}, oldest ${formatDuration(nowMs - oldestUnhandledAt)}`;
}

/** What Telegram does not have yet: a bot that has handled all updates may still owe answers. */
function answersOf(sending: BotStatus["sending"]): string {
  const answers = sending?.waitingAnswers ?? 0;
  if (answers === 0) return "";
  return ` + ${answers} answer${answers === 1 ? "" : "s"}`;
}

function whyOf(bot: BotStatus, nowMs: number): string {
  const nextTry =
    bot.nextTryAt === undefined
      ? undefined
      : `next try in ${Math.max(0, Math.ceil((bot.nextTryAt - nowMs) / 1000))} s`;
  // A bot that works needs no explanation.
  const reason = bot.state === "ready" ? undefined : bot.reason;
  const dead = bot.intake?.deadLetterCount ?? 0;
  const letters = dead === 0 ? undefined : `${dead} dead letter${dead === 1 ? "" : "s"}`;
  const polling = repeats(reason, bot.polling.reason) ? undefined : bot.polling.reason;
  return [reason, polling, nextTry, letters, ...sendingTrouble(bot, nowMs)]
    .filter((part) => part !== undefined && part !== "")
    .join("; ");
}

/** The child's reason often quotes the bot's own. */
function repeats(reason: string | undefined, part: string | undefined): boolean {
  return reason !== undefined && part !== undefined && reason.includes(part);
}

/** Telegram's silences below a minute pass by themselves and are nobody's news. */
const shownFloodMs = 60_000;

function sendingTrouble({ sending }: BotStatus, nowMs: number): string[] {
  const trouble: string[] = [];
  const floodMs = (sending?.floodUntil ?? 0) - nowMs;
  if (floodMs >= shownFloodMs)
    trouble.push(`Telegram wants silence for ${formatDuration(floodMs)}`);
  if (typeof sending?.trouble === "string")
    trouble.push(`answers cannot be stored: ${sending.trouble}`);
  return trouble;
}
