import { z } from "zod";

const seq = z.int().positive();
const atMs = z.number();
const messageIds = z.array(z.int()).readonly();

const call = z.object({ method: z.string(), params: z.record(z.string(), z.unknown()) });

/** See `Cause` of the queue. Lines of earlier releases have none. */
const cause = z.object({
  updates: z.array(z.int()).readonly(),
  attempt: z.int().exactOptional(),
  turn: z.int().exactOptional(),
});

const recordSchema = z.discriminatedUnion("t", [
  /** First line of a file: whose it is, and numbers below `next` are taken. */
  z.object({ t: z.literal("head"), v: z.literal(1), botId: z.int(), next: seq }),
  /** Ours; it will be sent. */
  z.object({
    t: z.literal("accepted"),
    seq,
    id: z.string(),
    atMs,
    method: z.string(),
    params: z.record(z.string(), z.unknown()),
    instead: z.array(call).exactOptional(),
    isOnlyInPlace: z.literal(true).exactOptional(),
    /** The id of the answer whose part it is. */
    partOf: z.string().exactOptional(),
    /** On whose behalf it is said. */
    cause: cause.exactOptional(),
    /** Earlier lives that left its outcome unknown. */
    unknown: z.int().nonnegative().exactOptional(),
  }),
  /** A request is about to leave: from now on nobody knows whether it arrived. */
  z.object({ t: z.literal("sending"), seq }),
  /** It surely did not arrive; the attempt does not count. */
  z.object({ t: z.literal("back"), seq }),
  /** Others stand in its place from now on: its simpler form, or its parts. One line, so that a crash divides nothing. */
  z.object({
    t: z.literal("replaced"),
    seq,
    by: z.array(
      call.extend({
        seq,
        instead: z.array(call).exactOptional(),
        isOnlyInPlace: z.literal(true).exactOptional(),
      }),
    ),
  }),
  z.object({ t: z.literal("sent"), seq, messageIds, atMs }),
  z.object({ t: z.literal("failed"), seq, reason: z.string(), atMs }),
  /**
   * An answer that ended before this file was written, kept so that it is not sent again. Without message ids it was
   * given up although it may have arrived: a later one under its id carries a mark.
   */
  z.object({ t: z.literal("ended"), id: z.string(), atMs, messageIds: messageIds.exactOptional() }),
  /** What became so far of an answer whose parts are not all at an end. */
  z.object({
    t: z.literal("parted"),
    id: z.string(),
    messageIds,
    isFailed: z.boolean(),
    mayHaveArrived: z.boolean(),
  }),
]);

export type AnswerRecord = z.infer<typeof recordSchema>;

/** One line with its end. */
export function encodeRecord(record: AnswerRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** @returns undefined for a line that is no record */
export function decodeRecord(line: string): AnswerRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
