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

export const rateOrder = z.strictObject({ enabled: z.boolean() });

export const pressOrder = z.strictObject({
  from: z.int(),
  message_id: z.int(),
  data: z.string(),
});

export type ChatOrder = z.output<typeof chatOrder>;
export type SayOrder = z.output<typeof sayOrder>;
export type TopicChange = z.output<typeof topicChange>;
