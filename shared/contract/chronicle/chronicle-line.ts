import { join } from "node:path";
import { z } from "zod";
import { identitySchema } from "../../process/identity.ts";

const at = z.number();
const update = z.int();
const updates = z.array(update).readonly();
const turn = z.int();

/** Why a message was sent; absent for one that nobody asked for. */
const causeSchema = z.object({
  updates,
  /** Of the handler; absent for the first. */
  attempt: z.int().exactOptional(),
  /** Of a session, see `turn` below. */
  turn: turn.exactOptional(),
});

const sending = {
  at,
  /** When it was handed over. */
  since: z.number(),
  chat: z.union([z.int(), z.string()]),
  topic: z.int().exactOptional(),
  cause: causeSchema.exactOptional(),
};

/** A line of a bot's chronicle. No texts of people in it. Instants are epoch milliseconds; `u` are update ids. */
const lineSchema = z.discriminatedUnion("t", [
  /** A process of the bot begins to write. */
  z.object({ t: z.literal("life"), at, process: identitySchema }),
  /** Updates that are for other bots of the token, or for nobody. */
  z.object({ t: z.literal("left"), at, u: updates }),
  /** Updates that Telegram gave once more; they were in the log already. */
  z.object({ t: z.literal("again"), at, u: updates }),
  /** A handler has it; said only of one that takes longer than a moment. */
  z.object({ t: z.literal("began"), at, u: update }),
  /** An attempt of a handler is over. */
  z.object({
    t: z.literal("ended"),
    at,
    u: update,
    /** How long it took. */
    ms: z.number(),
    /** Absent for the first. */
    attempt: z.int().exactOptional(),
    /** Absent where it went well. */
    error: z.string().exactOptional(),
  }),
  /** Its dead letter is gone without a success: a person dropped it, or the list was full. */
  z.object({
    t: z.literal("dropped"),
    at,
    u: update,
    why: z.enum(["asked", "full"]),
    attempts: z.int(),
    error: z.string(),
  }),
  /** Its sender may not use the bot. */
  z.object({ t: z.literal("refused"), at, u: update, user: z.int().exactOptional() }),
  z.object({ t: z.literal("sent"), ...sending, messages: z.array(z.int()).readonly() }),
  z.object({ t: z.literal("failed"), ...sending, reason: z.string() }),
  /** A message that grows, while its turn runs. */
  z.object({ t: z.literal("grows"), ...sending, messages: z.array(z.int()).readonly() }),
  /** In the queue of a session. */
  z.object({ t: z.literal("queued"), at, u: updates, session: z.string(), name: z.string() }),
  /** A session had the message before. */
  z.object({ t: z.literal("known"), at, u: update }),
  /** Taken out of the queue, or out of a turn that was interrupted. */
  z.object({ t: z.literal("cancelled"), at, u: updates, why: z.string() }),
  /** An agent has its messages; none: it began by itself. */
  z.object({
    t: z.literal("turn"),
    at,
    turn,
    session: z.string(),
    name: z.string(),
    u: updates,
    /** Of the agent. */
    pid: z.int().exactOptional(),
  }),
  /** `undone`: it never took place, its messages wait again. `interrupted`: by the end of the bot's process. */
  z.object({
    t: z.literal("turn_end"),
    at,
    turn,
    outcome: z.enum(["completed", "aborted", "failed", "interrupted", "undone"]),
    why: z.string().exactOptional(),
  }),
]);

export type ChronicleLine = z.infer<typeof lineSchema>;
export type LineOf<Kind extends ChronicleLine["t"]> = Extract<ChronicleLine, { t: Kind }>;

/** One line with its end; its kind stands first, by which it is found. */
export function encodeLine(line: ChronicleLine): string {
  const { t, ...facts } = line;
  return `${JSON.stringify({ t, ...facts })}\n`;
}

/** @returns undefined for what is no line of ours, such as the half line of a process that died */
export function decodeLine(text: string): ChronicleLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @param bot its name */
export function chroniclePath(stateDir: string, bot: string): string {
  return join(stateDir, "chronicle", `${bot}.jsonl`);
}

/** What was written before the file was begun anew. */
export function olderChroniclePath(path: string): string {
  return path.replace(/\.jsonl$/, ".1.jsonl");
}
