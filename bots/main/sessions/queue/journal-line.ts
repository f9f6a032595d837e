import { z } from "zod";

const seq = z.int().positive();
const seqs = z.array(seq).readonly();
const atMs = z.number();
const turn = z.int().positive();
const sessionId = z.string();

const attachmentSchema = z.object({
  kind: z.enum(["photo", "document"]),
  /** Inside the session's folder. */
  path: z.string(),
  mediaType: z.string(),
});

/** A file that came with a message. */
export type Attachment = Readonly<z.infer<typeof attachmentSchema>>;

const sentSchema = z.object({
  /** In seconds of Telegram's clock. */
  atS: z.int(),
  /** `forwarded`, `long`, `album <id>`: more of it may come in a moment. Else `alone`. */
  as: z.string(),
});

/** How a message was sent, as far as it tells which others belong to it. */
export type Sent = Readonly<z.infer<typeof sentSchema>>;

/** `open` until one of the others, which is final. */
const requestStates = ["open", "allowed", "denied", "answered", "expired", "withdrawn"] as const;
export type RequestState = (typeof requestStates)[number];

const cancelReasons = ["stopped", "cancelled", "archived", "discarded"] as const;
export type CancelReason = (typeof cancelReasons)[number];

const lineSchema = z.discriminatedUnion("t", [
  /** First line of a file: numbers below these are taken. */
  z.object({ t: z.literal("head"), v: z.literal(1), nextSeq: seq, nextTurn: turn }),
  /** Ours: from here on it ends as answered, cancelled or failed. */
  z.object({
    t: z.literal("accepted"),
    seq,
    /** `<bot id>/<update id>`: a repeat is known by it. */
    id: z.string(),
    sessionId,
    atMs,
    text: z.string(),
    attachments: z.array(attachmentSchema).readonly().exactOptional(),
    sent: sentSchema.exactOptional(),
    /** Taken up again after an interruption. */
    isRepeat: z.boolean().exactOptional(),
  }),
  /** About to go to the agent: from now on nobody knows what was done of it. Without messages: it began by itself. */
  z.object({
    t: z.literal("began"),
    turn,
    sessionId,
    seqs,
    atMs,
    /** Of the agent. */
    pid: z.int().exactOptional(),
  }),
  /** The end of what its reader has seen of the answer. */
  z.object({ t: z.literal("shown"), turn, text: z.string() }),
  z.object({
    t: z.literal("outcome"),
    turn,
    outcome: z.enum(["completed", "aborted", "failed"]),
    text: z.string(),
  }),
  /** The outcome was handed to the outbox. */
  z.object({ t: z.literal("delivered"), turn, atMs }),
  /** The process ended in the midst of it; a person decides. */
  z.object({ t: z.literal("interrupted"), turn }),
  /** Its messages wait again. */
  z.object({ t: z.literal("undone"), turn, isRepeat: z.boolean() }),
  z.object({
    t: z.literal("cancelled"),
    seqs,
    why: z.enum(cancelReasons),
    atMs,
    /** Brings them back, once. */
    token: z.string().exactOptional(),
  }),
  /** A stop acts, and is to be told there. */
  z.object({
    t: z.literal("stopped"),
    token: z.string(),
    place: z.object({ chatId: z.int(), topicId: z.int().exactOptional() }),
    atMs,
  }),
  /** A message ended by a stop before it was accepted: nothing can bring it back. */
  z.object({ t: z.literal("lost"), id: z.string(), token: z.string(), atMs }),
  z.object({ t: z.literal("restored"), token: z.string() }),
  /** What a stop has ended under the token was told: its receipt is with the outbox. */
  z.object({ t: z.literal("told"), token: z.string() }),
  z.object({
    t: z.literal("asked"),
    request: z.string(),
    sessionId,
    turn: turn.exactOptional(),
    atMs,
  }),
  z.object({ t: z.literal("settled"), request: z.string(), state: z.enum(requestStates), atMs }),
  /** A message that ended before this file was written, so that a repeat of it is known. */
  z.object({ t: z.literal("seen"), id: z.string(), atMs }),
]);

export type JournalLine = z.infer<typeof lineSchema>;
export type LineOf<Kind extends JournalLine["t"]> = Extract<JournalLine, { t: Kind }>;

export function encodeLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** @returns undefined for a line that is none of ours */
export function decodeLine(text: string): JournalLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
