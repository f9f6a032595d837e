import { describeTrouble } from "../../../shared/contract/polling-report.ts";
import { formatDuration } from "../../../shared/duration.ts";
import type { PictureBot } from "../../control/contract/picture.ts";
import { alignColumns } from "./columns.ts";

const heading = ["bot", "state", "receiving", "pid", "up", "restarts", "last poll", "waiting"];

/** The fleet as a table that fits a terminal. Pure: what it shows is what it is given. */
export function statusTable(bots: readonly PictureBot[], nowMs: number): string {
  const isMeasured = bots.some(({ usage }) => usage !== undefined);
  const columns = [...heading, ...(isMeasured ? ["memory", "cpu"] : []), "why"];
  return alignColumns([columns, ...bots.map((bot) => rowOf(bot, isMeasured, nowMs))]);
}

function rowOf(bot: PictureBot, isMeasured: boolean, nowMs: number): string[] {
  const runs = bot.pid !== undefined;
  const ago = (at: number | undefined): string =>
    runs && at !== undefined ? formatDuration(nowMs - at) : "-";
  const polled = ago(bot.lastPollCompletedAt);
  return [
    bot.name,
    bot.silentSince === undefined ? bot.state : "no answer",
    runs ? receivingOf(bot) : "-",
    runs ? String(bot.pid) : "-",
    ago(bot.startedAt),
    String(bot.restarts),
    polled === "-" ? polled : `${polled} ago`,
    bot.intake === undefined ? "-" : waitingOf(bot.intake, nowMs) + answersOf(bot.sending),
    ...(isMeasured ? usageOf(bot) : []),
    whyOf(bot, nowMs),
  ];
}

/** What a silent bot said last may be true no more. */
function receivingOf({ polling, silentSince }: PictureBot): string {
  return silentSince === undefined ? polling.state : `${polling.state}?`;
}

/** `87 MB`: what people compare. */
export function formatMemory(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function usageOf({ usage }: PictureBot): string[] {
  if (usage === undefined) return ["-", "-"];
  const cpu = usage.cpuPercent === null ? "-" : `${usage.cpuPercent.toFixed(1)} %`;
  return [formatMemory(usage.memoryBytes), cpu];
}

/** How many updates wait, and the oldest one's age where there is one. */
function waitingOf(
  { depth, oldestUnhandledAt }: NonNullable<PictureBot["intake"]>,
  nowMs: number,
): string {
  return oldestUnhandledAt === null
    ? String(depth)
    : `${depth}, oldest ${formatDuration(nowMs - oldestUnhandledAt)}`;
}

/** What Telegram does not have yet: a bot that has handled all updates may still owe answers. */
function answersOf(sending: PictureBot["sending"]): string {
  const answers = sending?.waitingAnswers ?? 0;
  if (answers === 0) return "";
  return ` + ${answers} answer${answers === 1 ? "" : "s"}`;
}

function whyOf(bot: PictureBot, nowMs: number): string {
  const nextTry =
    bot.nextTryAt === undefined
      ? undefined
      : `next try in ${Math.max(0, Math.ceil((bot.nextTryAt - nowMs) / 1000))} s`;
  // A bot that works needs no explanation.
  const reason = bot.state === "ready" ? undefined : bot.reason;
  const dead = bot.intake?.deadLetterCount ?? 0;
  const letters = dead === 0 ? undefined : `${dead} dead letter${dead === 1 ? "" : "s"}`;
  const polling = repeats(reason, bot.polling.reason) ? undefined : bot.polling.reason;
  const rival = bot.rival === undefined ? undefined : `${bot.rival.who}; ${bot.rival.doing}`;
  return [
    silenceOf(bot, nowMs),
    reason,
    polling,
    troubleOf(bot, nowMs),
    rival,
    nextTry,
    letters,
    ...sendingTrouble(bot, nowMs),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("; ");
}

function troubleOf({ polling, pid }: PictureBot, nowMs: number): string | undefined {
  const { trouble, reason } = polling;
  if (trouble === undefined || pid === undefined) return undefined;
  return describeTrouble(trouble, nowMs, reason === trouble.what);
}

function silenceOf({ silentSince, usage }: PictureBot, nowMs: number): string | undefined {
  if (usage?.suspended === true) return "its process is suspended";
  if (silentSince === undefined) return undefined;
  return `it has not answered for ${formatDuration(nowMs - silentSince)}: busy, or it hangs`;
}

/** The child's reason often quotes the bot's own. */
function repeats(reason: string | undefined, part: string | undefined): boolean {
  return reason !== undefined && part !== undefined && reason.includes(part);
}

/** Telegram's silences below a minute pass by themselves and are nobody's news. */
const shownFloodMs = 60_000;

function sendingTrouble({ sending }: PictureBot, nowMs: number): string[] {
  const trouble: string[] = [];
  const floodMs = (sending?.floodUntil ?? 0) - nowMs;
  if (floodMs >= shownFloodMs)
    trouble.push(`Telegram wants silence for ${formatDuration(floodMs)}`);
  if (typeof sending?.trouble === "string")
    trouble.push(`answers cannot be stored: ${sending.trouble}`);
  return trouble;
}
