import { plainText, segments } from "./entities.js";

/**
 * A conversation is a chat and, in a forum, one of its topics. Topic 0 stands for General, and for chats
 * that have no topics.
 */
export const keyOf = (chatId, topic = 0) => `${chatId}:${topic || 0}`;

/** The topic of a message. Ordinary supergroups put a thread id on replies too: only is_topic_message tells. */
export function topicOf(message) {
  return message.is_topic_message ? (message.message_thread_id ?? 0) : 0;
}

export const inTopic = (messages, topic) =>
  messages.filter((message) => topicOf(message) === (topic || 0));

export function nameOf(user) {
  if (!user) return "Somebody";
  return [user.first_name, user.last_name].filter(Boolean).join(" ") || user.username || "Somebody";
}

/** The short name by which the fleet knows a bot. */
export const botName = (bot) => bot?.name || bot?.first_name || bot?.username || "bot";

/** One or two letters for an avatar. */
export function initials(name) {
  const words = name
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => [...word.replace(/^[^\p{L}\p{N}]+/u, "")][0]);
  return letters.join("").toUpperCase() || "?";
}

export const avatarColours = 7;

/** The same colour for the same chat, always; bots have theirs in turn, so that the first seven differ. */
export function colourOf(model, id) {
  const bot = model.bots.findIndex((one) => one.id === id);
  return (bot >= 0 ? bot : Math.abs(Number(id))) % avatarColours;
}

export function botsOf(model, chat) {
  return chat.bots.map((id) => model.bots.find((bot) => bot.id === id)).filter(Boolean);
}

export function usersOf(model, chat) {
  return chat.members.map((id) => model.users.find((user) => user.id === id)).filter(Boolean);
}

/** Who speaks when the reader types here. */
export function speakerOf(model, chat) {
  return chat.members.includes(model.me) ? model.me : (chat.members[0] ?? model.me);
}

export function titleOf(model, chat) {
  if (chat.type !== "private") return chat.title ?? "Group";
  const bot = botsOf(model, chat)[0];
  const speaker = speakerOf(model, chat);
  const title = bot ? botName(bot) : "Private chat";
  if (speaker === model.me) return title;
  return `${title} as ${nameOf(model.users.find((user) => user.id === speaker))}`;
}

/** What a message says in one line: in the list, in a quote. */
export function preview(message) {
  const text = message.text ?? message.caption;
  if (text !== undefined) {
    const shown = segments(text, message.entities).map(plainText).join("");
    return shown.replaceAll(/\s+/g, " ").trim();
  }
  return serviceText(message) ?? mediaOf(message) ?? "Message";
}

const media = ["photo", "document", "video", "voice", "audio", "sticker", "animation", "location"];

/** The kind of an attachment that the page cannot show yet. */
export function mediaOf(message) {
  const kind = media.find((name) => message[name] !== undefined);
  return kind && kind[0].toUpperCase() + kind.slice(1);
}

/** The sentence for messages that nobody wrote. */
export function serviceText(message) {
  if (message.forum_topic_created) return `Topic "${message.forum_topic_created.name}" created`;
  if (message.forum_topic_closed) return "Topic closed";
  if (message.forum_topic_reopened) return "Topic reopened";
  if (message.new_chat_members) return `${message.new_chat_members.map(nameOf).join(", ")} joined`;
  if (message.left_chat_member) return `${nameOf(message.left_chat_member)} left`;
  if (message.new_chat_title) return `The group is now called "${message.new_chat_title}"`;
  if (message.group_chat_created || message.supergroup_chat_created) return "Group created";
  return undefined;
}

function row(model, chat, topic, title) {
  const key = keyOf(chat.id, topic);
  const last = inTopic(model.messages.get(chat.id) ?? [], topic).at(-1);
  const bot = chat.type === "private" ? botsOf(model, chat)[0] : undefined;
  return { key, chat, topic, title, bot, last, unread: model.unread.get(key) ?? 0 };
}

const atOf = ({ last }) => last?.date ?? 0;
const latest = (section) => Math.max(0, ...section.map(atOf));

/** Where something was said last comes first; where nothing was said yet the order of creation stays. */
export const byActivity = (a, b) => atOf(b) - atOf(a);

/**
 * The list at the left: private chats, then groups; a forum is followed by its topics.
 *
 * @param {string} [search] shows only rows whose title contains it
 */
export function listRows(model, search = "") {
  const wanted = search.trim().toLowerCase();
  const fits = (title) => title.toLowerCase().includes(wanted);
  const direct = [];
  const groups = [];
  for (const chat of model.chats) {
    const title = titleOf(model, chat);
    if (!chat.is_forum) {
      if (fits(title))
        (chat.type === "private" ? direct : groups).push([row(model, chat, 0, title)]);
      continue;
    }
    const topics = (chat.topics ?? []).map((topic) => ({
      ...row(model, chat, topic.message_thread_id, topic.name),
      closed: topic.closed,
      forum: title,
    }));
    const general = { ...row(model, chat, 0, "General"), forum: title };
    const shown = [general, ...topics.toSorted(byActivity)].filter(
      ({ title: name }) => fits(title) || fits(name),
    );
    if (shown.length > 0) groups.push(shown);
  }
  return {
    direct: direct.toSorted((a, b) => latest(b) - latest(a)).flat(),
    groups: groups.toSorted((a, b) => latest(b) - latest(a)).flat(),
  };
}

/** Bots that the reader has no private chat with yet. */
export function botsWithoutChat(model) {
  const known = model.chats
    .filter((chat) => chat.type === "private" && chat.members.includes(model.me))
    .flatMap((chat) => chat.bots);
  return model.bots.filter((bot) => !known.includes(bot.id));
}
