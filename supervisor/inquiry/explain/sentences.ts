import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import type { Explanation } from "../../control/contract/orders.ts";
import type { Subject } from "./subject.ts";

type Way = Explanation["updates"][number];
type Handling = Way["bots"][number];

/** The first and last update id of a log, and the record looked for. */
export interface LogSight {
  readonly botId: number;
  readonly found: readonly JournalRecord[];
  readonly oldest: JournalRecord | undefined;
  readonly newest: JournalRecord | undefined;
}

/** The way of an update, a sentence per station. Pure. */
export function sayWay(way: Way): string[] {
  const { updateId, botId, kind, conversation, receivedAt, seq, epoch, bots } = way;
  const received = `Update ${updateId} of bot ${botId} (${kind}, conversation ${conversation}) was received at ${iso(receivedAt)} and logged as number ${seq}, in polling epoch ${epoch}.`;
  if (bots.length === 0) return [received, "No bot has read this log yet."];
  return [received, ...bots.map(sayHandling)];
}

function sayHandling({ bot, state, attempts, error, answers }: Handling): string {
  const tried = attempts === 0 ? "" : ` (${attempts} attempt${attempts === 1 ? "" : "s"})`;
  const why = error === undefined ? "" : `; last error: ${error}`;
  const words: Readonly<Record<Handling["state"], string>> = {
    unread: `${bot} has not come to it yet${why}.`,
    open: `${bot} has it in hand${tried}${why}.`,
    given_up: `${bot} gave it up${tried}${why}. Try again: npx tg-supervisor dead-letters`,
    done:
      answers.length > 0
        ? `${bot} handled it.`
        : `${bot} is done with it. No answer is known by its number: it was handled silently, its answer came later (of an agent, of a picture), it is another bot's, or its sender may not use the bot.`,
  };
  return [words[state], ...answers.map(sayAnswer)].join(" ");
}

function sayAnswer({ state, at, messageIds, reason }: Handling["answers"][number]): string {
  const ids = messageIds.join(", ");
  if (state === "sent")
    return `Sent at ${iso(at)}${ids === "" ? "" : ` as message${messageIds.length === 1 ? "" : "s"} ${ids}`}.`;
  if (state === "failed") return `An answer could not be sent (${iso(at)}): ${reason ?? "?"}.`;
  return `An answer waits to be sent since ${iso(at)}.`;
}

/** Why nothing is found, as far as the logs tell. Pure. */
export function whyUnknown(subject: Subject, sights: readonly LogSight[]): string[] {
  const read = sights.filter(({ oldest }) => oldest !== undefined);
  if (read.length === 0) return ["There is no update log here, so nothing was ever received."];
  if (subject.kind === "message") {
    return [
      "No update log has a message of this number in this chat: it was never received, its update is gone (logs keep 48 h beyond what all bots handled), or it is one of ours whose journal was written anew.",
    ];
  }
  return read.map((sight) => whyUnknownIn(sight, subject.updateId));
}

function whyUnknownIn({ botId, oldest, newest }: LogSight, updateId: number): string {
  const first = oldest?.updateId ?? 0;
  const last = newest?.updateId ?? 0;
  const place = `The log of bot ${botId} (updates ${first} to ${last})`;
  if (updateId < first)
    return `${place} begins later: update ${updateId} was before it, and old segments are removed when all bots have handled them.`;
  if (updateId > last)
    return `${place} ends before update ${updateId}: it has not been received yet, or it is another bot's.`;
  return `${place} does not have update ${updateId}: Telegram never gave it to us (no kind that the bots ask for), or another poller of this token took it.`;
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
