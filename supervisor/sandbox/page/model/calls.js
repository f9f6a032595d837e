import { keyOf, topicOf } from "./conversations.js";

/** Calls that a bot makes all the time, whatever is said. */
const background = new Set(["getUpdates", "getMe", "getWebhookInfo", "setMyCommands"]);

export const isBackground = (call) => background.has(call.method);

/** Edits and deletions do not name their topic: the message they are about does. */
function topicOfCall(parameters, messages) {
  if (parameters.message_thread_id !== undefined) return Number(parameters.message_thread_id);
  const about = messages.find((message) => message.message_id === Number(parameters.message_id));
  return about ? topicOf(about) : 0;
}

/**
 * Whether a conversation caused this call: it names the chat and topic, or answers a press in it.
 *
 * @param {{ chat: object, topic: number, messages: readonly object[], presses: Map<string, string> }} conversation
 */
export function belongsTo(call, { chat, topic, messages, presses }) {
  const parameters = call.params;
  if (parameters.callback_query_id !== undefined)
    return presses.get(String(parameters.callback_query_id)) === keyOf(chat.id, topic);
  // For a bot a private chat has the id of its user: the same with every bot the user talks to.
  if (chat.type === "private")
    return chat.bots.includes(call.bot) && chat.members.includes(Number(parameters.chat_id));
  if (String(parameters.chat_id) !== String(chat.id)) return false;
  return !chat.is_forum || topicOfCall(parameters, messages) === (topic || 0);
}

/** The calls of the panel: of one conversation, of all, or of all with what bots do in the background. */
export function shownCalls(calls, conversation, scope) {
  if (scope === "background") return calls;
  if (scope === "all" || !conversation) return calls.filter((call) => !isBackground(call));
  return calls.filter((call) => belongsTo(call, conversation));
}
