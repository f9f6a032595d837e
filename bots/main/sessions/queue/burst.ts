import type { Sent } from "./journal-line.ts";

/** What is sent at once gets the same second, or the next one. */
const togetherS = 1;

/** Whether more of it may come in a moment. */
export function isPiece(sent: Sent | undefined): boolean {
  return sent !== undefined && sent.as !== "alone";
}

/**
 * The messages at the head of a queue that are one to their sender, and so one turn: an album, what was forwarded at
 * once, the parts of a text that was too long for one message. Else the first alone.
 */
export function firstBurst<Message extends { readonly sent: Sent | undefined }>(
  queue: readonly Message[],
): readonly Message[] {
  const end = queue.findIndex(
    ({ sent }, index) => index > 0 && !goesWith(queue[index - 1]?.sent, sent),
  );
  return end < 0 ? queue : queue.slice(0, end);
}

/** A whole queue: what each of the coming turns takes of it. */
export function burstsIn<Message extends { readonly sent: Sent | undefined }>(
  queue: readonly Message[],
): readonly (readonly Message[])[] {
  const bursts: (readonly Message[])[] = [];
  for (let rest = queue; rest.length > 0; ) {
    const burst = firstBurst(rest);
    bursts.push(burst);
    rest = rest.slice(burst.length);
  }
  return bursts;
}

function goesWith(before: Sent | undefined, next: Sent | undefined): boolean {
  if (before === undefined || next === undefined || !isPiece(before)) return false;
  if (before.as.startsWith("album ")) return next.as === before.as;
  const isTogether = Math.abs(next.atS - before.atS) <= togetherS;
  // The last part of a long text is a short one.
  return isTogether && (next.as === before.as || (before.as === "long" && next.as === "alone"));
}
