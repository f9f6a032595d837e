import { z } from "zod";
import { type Message, UPDATE_TYPES } from "../../../shared/telegram/bot-api.ts";

/** The snapshot as it lies in `state.json`. Telegram's own objects are checked for what we rely on. */

const user = z.looseObject({
  id: z.int(),
  is_bot: z.boolean(),
  first_name: z.string(),
  username: z.string().exactOptional(),
});

const chatView = z.looseObject({
  id: z.int(),
  type: z.string(),
  title: z.string().exactOptional(),
  is_forum: z.literal(true).exactOptional(),
  username: z.string().exactOptional(),
});

const message = z.custom<Message>(
  (value) =>
    z.looseObject({ message_id: z.int(), date: z.int(), chat: chatView }).safeParse(value).success,
  "not a message",
);

const bot = z.object({
  id: z.int(),
  name: z.string(),
  username: z.string(),
  firstName: z.string(),
  token: z.string(),
  hasTopics: z.boolean().default(false),
  commands: z.array(
    z.tuple([z.string(), z.array(z.object({ command: z.string(), description: z.string() }))]),
  ),
});

const chat = z.object({
  id: z.int(),
  type: z.enum(["private", "group", "supergroup"]),
  isForum: z.boolean(),
  migratedTo: z.int().exactOptional(),
  view: chatView,
  members: z.array(z.int()),
  bots: z.array(z.tuple([z.int(), z.enum(["member", "left", "kicked"])])),
  topics: z.array(
    z.object({
      threadId: z.int(),
      name: z.string(),
      iconColor: z.int(),
      root: message,
      closed: z.boolean(),
    }),
  ),
  messages: z.array(message),
  instance: z.string(),
});

const world = z.object({
  me: z.int(),
  nextDialogId: z.int(),
  users: z.array(user),
  blocked: z.array(z.tuple([z.int(), z.array(z.int())])),
  bots: z.array(bot),
  chats: z.array(chat),
  presses: z.array(
    z.object({
      id: z.string(),
      botId: z.int(),
      userId: z.int(),
      chatId: z.int(),
      atMs: z.number(),
    }),
  ),
});

const mailbox = z.object({
  allowed: z.array(z.enum(UPDATE_TYPES)),
  nextId: z.int(),
  lastUpdateMs: z.number(),
  confirmedOffset: z.int(),
  webhook: z.object({
    url: z.string(),
    maxConnections: z.int(),
    ipAddress: z.string().optional(),
    lastErrorAtMs: z.number().optional(),
    lastErrorMessage: z.string().optional(),
  }),
  waiting: z.array(
    z.object({ id: z.int(), expiresAtMs: z.number(), body: z.string(), bytes: z.int() }),
  ),
});

const file = z.object({
  fileId: z.string(),
  uniqueId: z.string(),
  kind: z.enum(["photo", "document", "voice"]),
  path: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.int(),
  width: z.int().optional(),
  height: z.int().optional(),
});

export const stateSchema = z.object({
  format: z.literal(1),
  world,
  mailboxes: z.array(z.tuple([z.int(), mailbox])),
  files: z.array(file).default([]),
});

export const marksSchema = z.object({ format: z.literal(1), marks: z.record(z.string(), z.int()) });

export type SavedState = z.output<typeof stateSchema>;
