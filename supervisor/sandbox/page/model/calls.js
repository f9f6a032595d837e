import { keyOf, topicOf } from "./conversations.js";

/** Parameters travel as text; what is JSON in it is shown as such. */
function decoded(name, value) {
  if (name === "text" || name === "caption" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** How a call failed, in words; undefined where it did not. */
function failure({ error, status, fault, callerGone }) {
  if (error !== undefined) return error;
  if (callerGone) return "The bot hung up before the answer";
  if (status === 0) return "No answer was sent";
  return status >= 400 || fault ? `HTTP ${status}` : undefined;
}

/** A row of the sandbox's record of calls, as the page uses it. */
export function toCall(row) {
  const failed = failure(row);
  const parameters = Object.entries(row.parameters ?? {});
  return {
    seq: row.seq,
    atMs: Date.parse(row.at),
    bot: row.bot,
    method: row.method,
    params: Object.fromEntries(parameters.map(([name, value]) => [name, decoded(name, value)])),
    ignored: row.unknownParameters ?? [],
    ms: row.durationMs,
    status: row.status,
    error: row.fault && failed ? `${failed} (fault on demand: ${row.fault})` : failed,
  };
}

/** The commands that a call gives to everybody in every language; undefined where it does not. */
export function commandsSetBy({ method, params, error }) {
  if (error !== undefined) return undefined;
  const forAll = (params.scope?.type ?? "default") === "default" && !params.language_code;
  if (!forAll) return undefined;
  if (method === "setMyCommands") return params.commands;
  return method === "deleteMyCommands" ? [] : undefined;
}

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
  if (String(parameters.chat_id) !== String(chat.bot_chat_id)) return false;
  // For a bot a private chat has the id of its user: the same with every bot the user talks to.
  if (chat.type === "private") return chat.bots.includes(call.bot);
  return !chat.is_forum || topicOfCall(parameters, messages) === (topic || 0);
}

/** The calls of the panel: of one conversation, of all, or of all with what bots do in the background. */
export function shownCalls(calls, conversation, scope) {
  if (scope === "background") return calls;
  if (scope === "all" || !conversation) return calls.filter((call) => !isBackground(call));
  return calls.filter((call) => belongsTo(call, conversation));
}
