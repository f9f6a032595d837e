import { toCall } from "./calls.js";
import { keyOf, topicOf } from "./conversations.js";

const keptCalls = 600;
/** Telegram shows "typing" for five seconds unless it is said again. */
const typingMs = 5000;
/** A draft lives 30 seconds after its last words. */
const draftMs = 30_000;
/** After this time Telegram takes no answer to a press any more. */
const pressMs = 150_000;

export function emptyModel() {
  return {
    bots: [],
    users: [],
    chats: [],
    me: undefined,
    /** Chat id -> messages of all its topics, oldest first. */
    messages: new Map(),
    /** Conversation key -> number of messages not seen yet. */
    unread: new Map(),
    /** Conversation key -> { bot, action, untilMs } */
    typing: new Map(),
    /** Conversation key and bot -> what that bot is writing. */
    drafts: new Map(),
    /** Bot id -> its polling figures. */
    polling: new Map(),
    /** Bot id -> its command list. */
    commands: new Map(),
    calls: [],
    /** Callback query id -> conversation key of the press. */
    presses: new Map(),
    /** Callback query id -> the press that no bot has answered yet. */
    waiting: new Map(),
    /** Callback query ids answered before the press itself came back to the page. */
    answered: new Set(),
    /** { user, bot }: who does not want to hear from whom. */
    blocked: [],
    /** { chatId, topic } of the open conversation. */
    selected: undefined,
    connection: "connecting",
    loaded: false,
  };
}

export const chatById = (model, id) => model.chats.find((chat) => String(chat.id) === String(id));

export const selectedChat = (model) => model.selected && chatById(model, model.selected.chatId);

/** What tells the calls of the open conversation from others. */
export function openConversation(model) {
  const chat = selectedChat(model);
  return (
    chat && {
      chat,
      topic: model.selected.topic,
      messages: model.messages.get(chat.id) ?? [],
      presses: model.presses,
    }
  );
}

export function takeState(model, state) {
  model.bots = state.bots;
  model.users = state.users;
  model.chats = state.chats;
  model.blocked = state.blocked;
  model.me = state.me;
  model.loaded = true;
}

/** What bots were writing when the page came; later the events tell. */
export function takeDrafts(model, drafts, nowMs) {
  model.drafts.clear();
  for (const draft of drafts) putDraft(model, draft, nowMs);
}

const draftKey = ({ chat_id, message_thread_id, bot }) =>
  `${keyOf(chat_id, message_thread_id)}/${bot}`;

function putDraft(model, draft, nowMs) {
  model.typing.delete(keyOf(draft.chat_id, draft.message_thread_id));
  model.drafts.set(draftKey(draft), { ...draft, untilMs: nowMs + draftMs });
}

/** What bots are writing in a conversation. */
export function draftsIn(model, chatId, topic) {
  const key = keyOf(chatId, topic);
  return [...model.drafts.values()].filter(
    (draft) => keyOf(draft.chat_id, draft.message_thread_id) === key,
  );
}

/** Whether the user of a private chat has blocked its bot. */
export function isBlocked(model, chat) {
  return model.blocked.some(
    ({ user, bot }) => chat.members.includes(user) && chat.bots.includes(bot),
  );
}

/** Drops what was heard: the sandbox was started anew, or forgot events that the page missed. */
export function forgetEvents(model) {
  const { messages, typing, presses, waiting, drafts } = model;
  for (const heard of [messages, typing, presses, waiting, drafts]) heard.clear();
  model.calls = [];
}

/** Merges what was read with what arrived live meanwhile; the newer wording of a message wins. */
export function takeMessages(model, chatId, read) {
  for (const message of read) putMessage(model, chatId, message);
}

const age = (message) => message.edit_date ?? message.date;

/** @returns {boolean} whether the message is new to the page */
export function putMessage(model, chatId, message) {
  const known = model.messages.get(chatId) ?? [];
  const at = known.findIndex(({ message_id }) => message_id === message.message_id);
  const next = known.slice();
  if (at < 0) next.push(message);
  else if (age(message) >= age(known[at])) next[at] = message;
  if (at < 0) next.sort((a, b) => a.message_id - b.message_id);
  model.messages.set(chatId, next);
  return at < 0;
}

export function removeMessage(model, chatId, messageId) {
  const known = model.messages.get(chatId) ?? [];
  model.messages.set(
    chatId,
    known.filter(({ message_id }) => message_id !== messageId),
  );
}

export function takeCalls(model, rows) {
  const known = new Set(model.calls.map(({ seq }) => seq));
  const fresh = rows.map(toCall).filter(({ seq }) => !known.has(seq));
  model.calls = [...model.calls, ...fresh].toSorted((a, b) => a.seq - b.seq).slice(-keptCalls);
}

const isOpen = (model, key) =>
  model.selected !== undefined && keyOf(model.selected.chatId, model.selected.topic) === key;

function hearMessage(model, event) {
  const key = keyOf(event.chat_id, topicOf(event.message));
  const fresh = putMessage(model, event.chat_id, event.message);
  if (!event.message.from?.is_bot) return;
  model.typing.delete(key);
  if (fresh && !isOpen(model, key)) model.unread.set(key, (model.unread.get(key) ?? 0) + 1);
}

/** Remembers a press until a bot answers it, or too much time has passed. */
export function waitForAnswer(model, queryId, key, messageId, data, nowMs) {
  const id = String(queryId);
  model.presses.set(id, key);
  if (model.answered.delete(id)) return;
  model.waiting.set(id, { key, messageId, data, untilMs: nowMs + pressMs });
}

export function answerPress(model, queryId) {
  const id = String(queryId);
  if (!model.waiting.delete(id) && !model.presses.has(id)) model.answered.add(id);
}

/** The data of a message's buttons that wait for an answer. */
export function waitingData(model, key, messageId) {
  return [...model.waiting.values()]
    .filter((press) => press.key === key && press.messageId === messageId)
    .map(({ data }) => data);
}

/**
 * Takes one live event into the model. Events that ask for more than that (a state to read anew, an answer to show)
 * are for the caller to act upon.
 */
export function hear(model, event, nowMs) {
  switch (event.type) {
    case "message":
      return hearMessage(model, event);
    case "message_edited":
      putMessage(model, event.chat_id, event.message);
      return undefined;
    case "message_deleted":
      return removeMessage(model, event.chat_id, event.message_id);
    case "draft":
      return putDraft(model, event, nowMs);
    case "draft_gone":
      model.drafts.delete(draftKey(event));
      return undefined;
    case "chat_action":
      model.typing.set(keyOf(event.chat_id, event.message_thread_id), {
        bot: event.bot,
        action: event.action,
        untilMs: nowMs + typingMs,
      });
      return undefined;
    case "call":
      return takeCalls(model, [event.call]);
    default:
      return undefined;
  }
}

/** Opens a conversation: what is in it counts as seen. */
export function select(model, chatId, topic) {
  model.selected = { chatId, topic: topic || 0 };
  model.unread.delete(keyOf(chatId, topic));
}

/** Drops what time has ended. @returns {boolean} whether anything was dropped */
export function expire(model, nowMs) {
  let dropped = false;
  for (const entries of [model.typing, model.waiting, model.drafts]) {
    for (const [key, { untilMs }] of entries) {
      if (untilMs <= nowMs) dropped = entries.delete(key) || dropped;
    }
  }
  return dropped;
}
