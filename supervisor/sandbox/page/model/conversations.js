import { plainText, segments } from "./entities.js";
import { richWords } from "./rich.js";

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
  if (message.rich_message) return richWords(message.rich_message);
  return serviceText(message) ?? message.document?.file_name ?? mediaOf(message) ?? "Message";
}

const media = ["photo", "document", "video", "voice", "audio", "sticker", "animation", "location"];

/** The kind of an attachment. */
export function mediaOf(message) {
  const kind = media.find((name) => message[name] !== undefined);
  return kind && kind[0].toUpperCase() + kind.slice(1);
}

/** The sentence for messages that nobody wrote. */
export function serviceText(message) {
  if (message.forum_topic_created) return `Topic "${message.forum_topic_created.name}" created`;
  if (message.forum_topic_closed) return "Topic closed";
  if (message.forum_topic_reopened) return "Topic reopened";
  if (message.forum_topic_edited)
    return `Topic renamed to "${message.forum_topic_edited.name ?? ""}"`;
  if (message.migrate_to_chat_id) return "The group has become a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group before";
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
const latest = (rows) => Math.max(0, ...rows.map(atOf));

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
    // What a group has become stands in its place.
    if (chat.migrated_to !== undefined) continue;
    const title = titleOf(model, chat);
    const section = chat.type === "private" ? direct : groups;
    if (!chat.is_forum) {
      if (fits(title)) section.push([row(model, chat, 0, title)]);
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
    if (shown.length > 0) section.push(shown);
  }
  return {
    direct: direct.toSorted((a, b) => latest(b) - latest(a)).flat(),
    groups: groups.toSorted((a, b) => latest(b) - latest(a)).flat(),
  };
}

/** The open topic as the state tells it; undefined for General, and where there are no topics. */
export function topicIn(chat, topic) {
  return chat.topics?.find(({ message_thread_id }) => message_thread_id === topic);
}

/** Bots that the reader has no private chat with yet. */
export function botsWithoutChat(model) {
  const known = model.chats
    .filter((chat) => chat.type === "private" && chat.members.includes(model.me))
    .flatMap((chat) => chat.bots);
  return model.bots.filter((bot) => !known.includes(bot.id));
}
