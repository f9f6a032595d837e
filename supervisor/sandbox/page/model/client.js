import { fetchOwn } from "./door.js";
import { readEvents } from "./event-stream.js";

/** What went wrong, as the sandbox says it, or that it says nothing at all. */
async function ask(method, path, body) {
  let response;
  try {
    response = await fetchOwn(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Error("The sandbox does not answer. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new Error(answer?.error ?? `The sandbox answered ${response.status} to ${path}`);
  }
  return answer;
}

/** The user's side of the sandbox over HTTP. */
export const sandbox = {
  state: () => ask("GET", "/sandbox/state"),
  calls: () => ask("GET", "/sandbox/calls?limit=400"),
  callsTo: (method) => ask("GET", `/sandbox/calls?method=${method}&limit=200`),
  polling: (bot) => ask("GET", `/sandbox/bots/${bot}/polling`),
  messages: (chat, limit = 300) => ask("GET", `/sandbox/chats/${chat}/messages?limit=${limit}`),
  say: (chat, message) => ask("POST", `/sandbox/chats/${chat}/messages`, message),
  sendFile: (chat, kind, file) => ask("POST", `/sandbox/chats/${chat}/${kind}`, file),
  stopDraft: (chat, order) => ask("POST", `/sandbox/chats/${chat}/stop-draft`, order),
  press: (chat, press) => ask("POST", `/sandbox/chats/${chat}/press`, press),
  createUser: (user) => ask("POST", "/sandbox/users", user),
  createChat: (chat) => ask("POST", "/sandbox/chats", chat),
  createTopic: (chat, name) => ask("POST", `/sandbox/chats/${chat}/topics`, { name }),
  changeTopic: (chat, topic, change) =>
    ask("POST", `/sandbox/chats/${chat}/topics/${topic}`, change),
  migrate: (chat) => ask("POST", `/sandbox/chats/${chat}/migrate`, {}),
  block: (user, bot, blocked) => ask("POST", `/sandbox/users/${user}/block`, { bot, blocked }),
};

const retryMs = { first: 500, longest: 5000 };

/**
 * Follows the live events, for ever: a lost connection is opened again and goes on after the last event seen. Each
 * opening begins with a `hello`, which has a `gap` where events in between are forgotten.
 *
 * @param {{ onLost: (isKeyOld: boolean) => void, onEvent: (event: object) => void }} listener
 */
export function followEvents({ onLost, onEvent }) {
  let since = "";
  let waitMs = retryMs.first;

  function hear({ data, id }) {
    waitMs = retryMs.first;
    since = id;
    onEvent(JSON.parse(data));
  }

  async function open() {
    const path = `/sandbox/events${since && `?since=${since}`}`;
    const why = await readEvents(path, { onEvent: hear }).catch((error) => error);
    onLost(why?.status === 401);
    setTimeout(() => void open(), waitMs);
    waitMs = Math.min(waitMs * 2, retryMs.longest);
  }
  void open();
}
