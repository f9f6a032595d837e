import type { Subject } from "./subject.ts";
import type { LogSight } from "./update-logs.ts";

/** Why nothing is found, as far as the logs tell. Pure. */
export function whyUnknown(subject: Subject, sights: readonly LogSight[]): string[] {
  const read = sights.filter(({ oldest }) => oldest !== undefined);
  if (read.length === 0) return ["There is no update log here, so nothing was ever received."];
  if (subject.kind === "message") {
    return [
      "Nothing is known of a message of this number in this chat: it was never received, its update is gone (logs keep 48 h beyond what all bots handled), or it is one of ours from before the chronicles of our bots begin.",
    ];
  }
  return read.map((sight) => whyUnknownIn(sight, subject.updateId));
}

function whyUnknownIn(
  { log: { botId }, oldest, newest, isPartial }: LogSight,
  updateId: number,
): string {
  const first = oldest?.updateId ?? 0;
  const last = newest?.updateId ?? 0;
  const place = `The log of bot ${botId} (updates ${first} to ${last})`;
  if (updateId < first && isPartial)
    return `${place} was looked through; update ${updateId} is older, and such old segments are not searched.`;
  if (updateId < first)
    return `${place} begins later: update ${updateId} was before it, and old segments are removed when all bots have handled them.`;
  if (updateId > last)
    return `${place} ends before update ${updateId}: it has not been received yet, or it is another bot's.`;
  return `${place} does not have update ${updateId}: Telegram never gave it to us (no kind that the bots ask for), or another poller of this token took it.`;
}
