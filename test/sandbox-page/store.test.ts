import { beforeEach, describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";
import { forumId, inThread, me, type PageMessage, said, state } from "./sandbox-of-four.ts";

interface Model {
  readonly messages: Map<number, PageMessage[]>;
  readonly unread: Map<string, number>;
  readonly typing: Map<string, unknown>;
  readonly calls: readonly { seq: number; error?: string }[];
  readonly presses: Map<string, string>;
}

const store = await pageModule<{
  emptyModel: () => Model;
  takeState: (model: Model, state: unknown) => void;
  takeMessages: (model: Model, chat: number, read: readonly PageMessage[]) => void;
  takeCalls: (model: Model, rows: readonly unknown[]) => void;
  isBlocked: (model: Model, chat: unknown) => boolean;
  forgetEvents: (model: Model) => void;
  hear: (model: Model, event: unknown, nowMs: number) => void;
  select: (model: Model, chat: number, topic?: number) => void;
  expire: (model: Model, nowMs: number) => boolean;
  waitForAnswer: (
    model: Model,
    id: string,
    key: string,
    message: number,
    data: string,
    nowMs: number,
  ) => void;
  answerPress: (model: Model, id: string) => void;
  takeDrafts: (model: Model, drafts: readonly object[], nowMs: number) => void;
  draftsIn: (model: Model, chat: number, topic?: number) => { text?: string }[];
  waitingData: (model: Model, key: string, message: number) => string[];
}>("model/store.js");
const { shownCalls } = await pageModule<{
  shownCalls: (
    calls: readonly unknown[],
    conversation: unknown,
    scope: string,
  ) => { seq: number }[];
}>("model/calls.js");

let model: Model;
const hear = (event: object, nowMs = 0) => store.hear(model, event, nowMs);
const texts = (chat: number) => model.messages.get(chat)?.map(({ text }) => text);

const draft = (text: string, more: object = {}) => ({
  type: "draft",
  chat_id: 11,
  bot: 1,
  draft_id: 7,
  text,
  ...more,
});
const written = (chat = 11, topic = 0) =>
  store.draftsIn(model, chat, topic).map(({ text }) => text);

const press = (id: string) => store.waitForAnswer(model, id, "11:0", 4, "yes", 0);
const waiting = () => store.waitingData(model, "11:0", 4);
const shown = (chatId: number, topic: number, scope = "conversation") => {
  const chat = state.chats.find(({ id }) => id === chatId);
  const messages = [said(8, 1, "there", inThread(5))];
  const conversation = chat && { chat, topic, messages, presses: model.presses };
  return shownCalls(model.calls, conversation, scope).map(({ seq }) => seq);
};

beforeEach(() => {
  model = store.emptyModel();
  store.takeState(model, state);
});

describe("the state", () => {
  it("tells whose bot is blocked", () => {
    const blocked = state.chats
      .filter(({ type }) => type === "private")
      .filter((chat) => store.isBlocked(model, chat));
    expect(blocked.map(({ id }) => id)).toEqual([13]);
  });
});

describe("live events", () => {
  it("add, edit and delete messages", () => {
    hear({ type: "message", chat_id: 11, message: said(1, me, "hello") });
    hear({ type: "message", chat_id: 11, message: said(2, 1, "hi") });
    hear({ type: "message_edited", chat_id: 11, message: said(2, 1, "hi!", { edit_date: 130 }) });
    expect(texts(11)).toEqual(["hello", "hi!"]);
    hear({ type: "message_deleted", chat_id: 11, message_id: 1 });
    expect(texts(11)).toEqual(["hi!"]);
  });

  it("come again without harm, and never before an older reading of the same", () => {
    hear({ type: "message_edited", chat_id: 11, message: said(2, 1, "new", { edit_date: 130 }) });
    store.takeMessages(model, 11, [said(1, me, "hello"), said(2, 1, "old")]);
    hear({ type: "message", chat_id: 11, message: said(1, me, "hello") });
    expect(texts(11)).toEqual(["hello", "new"]);
  });

  it("are forgotten when some were missed", () => {
    hear({ type: "message", chat_id: 11, message: said(1, me, "hello") });
    hear({ type: "call", call: { seq: 8, bot: 1, method: "x", status: 200 } });
    store.forgetEvents(model);
    expect([model.messages.size, model.calls.length]).toEqual([0, 0]);
  });

  it("count as unread what bots say in conversations that are not open", () => {
    store.select(model, forumId, 5);
    hear({ type: "message", chat_id: forumId, message: said(1, 1, "here", inThread(5)) });
    hear({ type: "message", chat_id: forumId, message: said(2, 1, "there", inThread(6)) });
    hear({ type: "message", chat_id: forumId, message: said(3, me, "mine", inThread(6)) });
    expect([...model.unread]).toEqual([[`${forumId}:6`, 1]]);
    store.select(model, forumId, 6);
    expect(model.unread.size).toBe(0);
  });

  it("show typing until the bot has spoken, or for five seconds", () => {
    hear({ type: "chat_action", chat_id: 11, bot: 1, action: "typing" }, 1000);
    expect([...model.typing.keys()]).toEqual(["11:0"]);
    expect(store.expire(model, 5999)).toBe(false);
    expect(store.expire(model, 6000)).toBe(true);
    hear({ type: "chat_action", chat_id: 11, bot: 1, action: "typing" }, 7000);
    hear({ type: "message", chat_id: 11, message: said(2, 1, "hi") });
    expect(model.typing.size).toBe(0);
  });
});

describe("a draft", () => {
  it("grows, ends the typing, and goes when it is said", () => {
    hear({ type: "chat_action", chat_id: 11, bot: 1, action: "typing" });
    hear(draft("He"));
    hear(draft("Hello"));
    expect(written()).toEqual(["Hello"]);
    expect(model.typing.size).toBe(0);
    hear({ type: "draft_gone", chat_id: 11, bot: 1, draft_id: 7, why: "sent" });
    expect(written()).toEqual([]);
  });

  it("stands in its own conversation, one for each bot", () => {
    hear(draft("a"));
    hear(draft("b", { bot: 2 }));
    hear(draft("c", { message_thread_id: 5 }));
    expect([written(), written(11, 5)]).toEqual([["a", "b"], ["c"]]);
  });

  it("is there when the page comes later, and gone after 30 seconds in any case", () => {
    store.takeDrafts(model, [draft("a")], 1000);
    store.expire(model, 30_999);
    expect(written()).toEqual(["a"]);
    store.expire(model, 31_000);
    expect(written()).toEqual([]);
  });
});

describe("a press", () => {
  it("waits until the bot answers", () => {
    press("77");
    expect(waiting()).toEqual(["yes"]);
    store.answerPress(model, "77");
    expect(waiting()).toEqual([]);
  });

  it("does not wait when the answer was faster than the press itself", () => {
    store.answerPress(model, "77");
    press("77");
    expect(waiting()).toEqual([]);
  });

  it("waits no longer than Telegram takes answers", () => {
    press("77");
    store.expire(model, 150_000);
    expect(waiting()).toEqual([]);
  });
});

describe("the calls of a conversation", () => {
  const rows = [
    { seq: 1, bot: 1, method: "sendMessage", parameters: { chat_id: String(me), text: "hi" } },
    { seq: 2, bot: 2, method: "sendMessage", parameters: { chat_id: String(me) } },
    {
      seq: 3,
      bot: 1,
      method: "sendMessage",
      parameters: { chat_id: forumId, message_thread_id: "5" },
    },
    { seq: 4, bot: 1, method: "editMessageText", parameters: { chat_id: forumId, message_id: 8 } },
    { seq: 5, bot: 1, method: "sendMessage", parameters: { chat_id: forumId } },
    { seq: 6, bot: 1, method: "answerCallbackQuery", parameters: { callback_query_id: "77" } },
    { seq: 7, bot: 1, method: "getUpdates", parameters: {} },
  ];
  it.each([
    ["a private chat, which all bots know by the user's id", 11, 0, "conversation", [1]],
    ["another bot's private chat", 12, 0, "conversation", [2]],
    [
      "a topic, with edits of its messages and answers to its presses",
      forumId,
      5,
      "conversation",
      [3, 4, 6],
    ],
    ["General", forumId, 0, "conversation", [5]],
    ["all chats", 11, 0, "all", [1, 2, 3, 4, 5, 6]],
    ["everything", 11, 0, "background", [1, 2, 3, 4, 5, 6, 7]],
  ])("are those of %s", (_name, chat, topic, scope, expected) => {
    store.takeCalls(model, rows);
    store.waitForAnswer(model, "77", `${forumId}:5`, 8, "x", 0);
    expect(shown(chat, topic, scope)).toEqual(expected);
  });

  it("come once, in order, and with their error", () => {
    store.takeCalls(model, rows.slice(2));
    store.takeCalls(model, rows);
    hear({
      type: "call",
      call: { seq: 8, bot: 1, method: "x", status: 400, error: "Bad Request" },
    });
    expect(model.calls.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(model.calls.at(-1)?.error).toBe("Bad Request");
    expect(model.calls[0]?.error).toBeUndefined();
  });
});
