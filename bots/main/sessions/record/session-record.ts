import { z } from "zod";
import { identitySchema } from "../../../../shared/process/identity.ts";

const sessionStatuses = ["created", "active", "idle", "suspended", "archived"] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** Ids name folders and stand in buttons: letters and digits only. */
export const sessionIdPattern = /^[a-z0-9]{1,32}$/;
const id = z.string().regex(sessionIdPattern);

/** The process behind a session, as it must be known again after we died. */
const processSchema = z.object({
  identity: identitySchema,
  /** As in `/proc/<pid>/cmdline`, blanks between; empty where it could not be read. */
  commandLine: z.string(),
});

export type AgentRecord = Readonly<z.infer<typeof processSchema>>;

/** `sessions/<id>/session.json` */
export const sessionRecordSchema = z.object({
  version: z.literal(1),
  id,
  name: z.string(),
  conversation: z.object({ chatId: z.int(), topicId: z.int().exactOptional() }),
  /** Nothing can be said in its topic any more: it was told so, and can be gone on with elsewhere in the chat. */
  isTopicGone: z.boolean().exactOptional(),
  /** Name of the folder under the sessions root in which the agent works. */
  folder: id,
  agent: z.string(),
  persona: z.string(),
  /** The session's own choice, if it made one. */
  model: z.string().nullable(),
  /** What the agent knows its history by. */
  resumeId: z.string().nullable(),
  process: processSchema.nullable(),
  status: z.enum(sessionStatuses),
  idleTimeoutMs: z.int().positive(),
  createdAtMs: z.number(),
  /** Last message, answer or order. */
  lastActiveAtMs: z.number(),
  /** The session of a conversation that was chosen last is its active one. */
  chosenAtMs: z.number(),
  /** Turns that went to the agent. */
  turns: z.int().nonnegative(),
  /** So many of them are of a history that a person gave up. */
  turnsGivenUp: z.int().nonnegative().exactOptional(),
  costUsd: z.number().nonnegative(),
});

export type SessionRecord = Readonly<z.infer<typeof sessionRecordSchema>>;

/** Whether there is anything that an agent can go on with. */
export function hasHistory({ resumeId, turns, turnsGivenUp = 0 }: SessionRecord): boolean {
  return resumeId !== null || turns > turnsGivenUp;
}
