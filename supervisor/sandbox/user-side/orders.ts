import { z } from "zod";

/** Bodies of the user side's requests. Null counts as left out; unknown fields are refused, they are typing errors. */

const optionalId = z.int().nullish();

export const botOrder = z.strictObject({ name: z.string().min(1).max(64) });

export const userOrder = z.strictObject({
  first_name: z.string().min(1).max(64),
  username: z.string().nullish(),
});

export const blockOrder = z.strictObject({ bot: z.int(), blocked: z.boolean() });

export const chatOrder = z.strictObject({
  type: z.enum(["private", "group", "supergroup"]),
  title: z.string().nullish(),
  is_forum: z.boolean().nullish(),
  members: z.array(z.int()),
  bots: z.array(z.int()),
});

export const topicOrder = z.strictObject({ name: z.string().min(1).max(128) });

export const topicChange = z.strictObject({
  name: z.string().min(1).max(128).optional(),
  closed: z.boolean().optional(),
  deleted: z.boolean().optional(),
});

export const membershipOrder = z.strictObject({
  bot: z.int(),
  status: z.enum(["member", "left", "kicked"]),
});

export const sayOrder = z.strictObject({
  from: z.int(),
  text: z.string(),
  message_thread_id: optionalId,
  reply_to_message_id: optionalId,
});

/** A file as base64, which is what JSON can carry. */
const sentFile = z.strictObject({
  name: z.string().max(255).nullish(),
  type: z.string().max(100).nullish(),
  base64: z.base64("not base64"),
});

/** A photo, a document or a voice message; photos and documents of one `media_group_id` are an album. */
export const sendFileOrder = z.strictObject({
  from: z.int(),
  file: sentFile,
  caption: z.string().nullish(),
  media_group_id: z.string().max(64).nullish(),
  message_thread_id: optionalId,
  reply_to_message_id: optionalId,
});

export const stopDraftOrder = z.strictObject({
  from: z.int(),
  message_thread_id: optionalId,
  draft_id: optionalId,
});

export const privateTopicsOrder = z.strictObject({ enabled: z.boolean() });

export const featureOrder = z.strictObject({
  rich: z.boolean().exactOptional(),
  drafts: z.boolean().exactOptional(),
});

export const emptyOrder = z.strictObject({});

export const rateOrder = z.strictObject({ enabled: z.boolean() });

export const pressOrder = z.strictObject({
  from: z.int(),
  message_id: z.int(),
  data: z.string(),
});

export type ChatOrder = z.output<typeof chatOrder>;
export type SayOrder = z.output<typeof sayOrder>;
export type SendFileOrder = z.output<typeof sendFileOrder>;
export type StopDraftOrder = z.output<typeof stopDraftOrder>;
export type TopicChange = z.output<typeof topicChange>;
