import { z } from "zod";

/** All instants are epoch milliseconds, all durations milliseconds. */
const at = z.number();

const messageSchema = z.object({
  /** `growing`: it stands in the chat and changes while its turn runs. */
  state: z.enum(["waiting", "growing", "sent", "failed"]),
  at,
  /** When it was handed to the outbox. */
  since: z.number(),
  conversation: z.string(),
  messageIds: z.array(z.int()),
  /** Of a failed one. */
  reason: z.string().optional(),
  /** Of the session, where an agent said it. */
  turn: z.int().optional(),
});

const attemptSchema = z.object({
  number: z.int(),
  began: at,
  /** Absent while it runs, and where the process ended first. */
  ended: at.optional(),
  error: z.string().optional(),
  /** The process that ran it is gone. */
  interrupted: z.boolean().optional(),
});

const turnSchema = z.object({
  turn: z.int(),
  /** Its id, which names its folder. */
  session: z.string(),
  name: z.string(),
  /** All that were taken together. Empty: the agent began by itself. */
  updates: z.array(z.int()),
  /** Of the agent. */
  pid: z.int().optional(),
  began: at,
  ended: at.optional(),
  /** `undone`: it did not take place, and its messages waited again. `interrupted`: by the end of the bot's process. */
  outcome: z.enum(["running", "completed", "aborted", "failed", "interrupted", "undone"]),
  why: z.string().optional(),
});

/** Its place in a session of agents, as it is now. */
const queueSchema = z.object({
  session: z.string(),
  name: z.string(),
  state: z.enum(["waiting", "taken", "cancelled"]),
  /** Of a cancelled one. */
  why: z.string().optional(),
});

/** Something that happened to an update, in the order of time. */
const stationSchema = z.object({ at, bot: z.string().optional(), text: z.string() });

const handlingSchema = z.object({
  bot: z.string(),
  /**
   * `left`: it is for another bot of the token, or for nobody. `refused`: its sender may not use the bot. `done`: handled.
   * `dropped`: given up, and its dead letter is gone. `absent`: the bot was not on this log yet.
   */
  state: z.enum(["unread", "open", "left", "refused", "done", "given_up", "dropped", "absent"]),
  /** How often the handler began. */
  attempts: z.int(),
  /** To the dead letters. */
  givenUpAt: at.optional(),
  /** Of its dead letter, without a success. */
  dropped: z.object({ at, why: z.enum(["asked", "full"]) }).optional(),
  /** Of the last attempt that failed. */
  error: z.string().optional(),
  tries: z.array(attemptSchema),
  queue: queueSchema.optional(),
  turns: z.array(turnSchema),
  /** Sent because of it, or to be. */
  answers: z.array(messageSchema),
});

const waySchema = z.object({
  botId: z.int(),
  updateId: z.int(),
  seq: z.int(),
  epoch: z.int(),
  receivedAt: at,
  kind: z.string(),
  /** Its lane. */
  conversation: z.string(),
  bots: z.array(handlingSchema),
  stations: z.array(stationSchema),
  /** What came of it, or why nothing did. */
  result: z.string(),
});

export const explanationSchema = z.object({
  /** For people who read nothing else, line by line. */
  said: z.array(z.string()),
  updates: z.array(waySchema),
  /** The message that was asked for, where it is one of ours; more than one: chats of several bots. */
  messages: z.array(messageSchema.extend({ bot: z.string(), updates: z.array(z.int()) })),
});

export type Explanation = z.infer<typeof explanationSchema>;
export type Way = z.infer<typeof waySchema>;
export type QueuePlace = z.infer<typeof queueSchema>;
export type Handling = z.infer<typeof handlingSchema>;
export type Station = z.infer<typeof stationSchema>;
export type ExplainedMessage = z.infer<typeof messageSchema>;
export type ExplainedTurn = z.infer<typeof turnSchema>;
