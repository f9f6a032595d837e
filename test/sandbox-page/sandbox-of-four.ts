/** A small world as /sandbox/state tells it, and messages in it. */

export const me = 900;
const anna = 901;
export const forumId = -100_200;
const bot = (id: number, name: string) => ({ id, name, first_name: name, username: `${name}_bot` });

export const state = {
  me,
  blocked: [{ user: anna, bot: 1 }],
  bots: [bot(1, "main"), bot(2, "treasury"), bot(3, "buy_tracker")],
  users: [
    { id: me, is_bot: false, first_name: "You" },
    { id: anna, is_bot: false, first_name: "Anna", last_name: "K" },
  ],
  chats: [
    { id: 11, type: "private", bot_chat_id: me, members: [me], bots: [1], topics: [] },
    { id: 12, type: "private", bot_chat_id: me, members: [me], bots: [2], topics: [] },
    { id: 13, type: "private", bot_chat_id: anna, members: [anna], bots: [1], topics: [] },
    {
      id: -21,
      type: "group",
      bot_chat_id: -21,
      title: "Traders",
      members: [me, anna],
      bots: [1, 2],
      topics: [],
    },
    {
      id: forumId,
      bot_chat_id: forumId,
      type: "supergroup",
      title: "Lab",
      is_forum: true,
      members: [me],
      bots: [1],
      topics: [
        { message_thread_id: 5, name: "Ideas", closed: false },
        { message_thread_id: 6, name: "Build", closed: true },
      ],
    },
  ],
};

export interface PageMessage {
  readonly message_id: number;
  readonly date: number;
  readonly text?: string;
  readonly edit_date?: number;
  readonly from?: { readonly id: number; readonly is_bot: boolean };
  readonly [field: string]: unknown;
}

export function said(
  message_id: number,
  by: number,
  text: string,
  more: Record<string, unknown> = {},
): PageMessage {
  return { message_id, date: message_id * 60, from: { id: by, is_bot: by < 100 }, text, ...more };
}

export const inThread = (thread: number) => ({
  message_thread_id: thread,
  is_topic_message: true,
});
