import { followEvents, sandbox } from "./model/client.js";
import { topicIn } from "./model/conversations.js";
import { enter } from "./model/door.js";
import {
  chatById,
  emptyModel,
  expire,
  forgetEvents,
  hear,
  select,
  selectedChat,
} from "./model/store.js";
import { createReading } from "./reading.js";
import { createRooms } from "./rooms.js";
import { createTalk } from "./talk.js";
import { createCallsPanel } from "./view/calls-panel.js";
import { createComposer } from "./view/composer.js";
import { createConversation } from "./view/conversation.js";
import { createDialogs } from "./view/dialogs.js";
import { byId } from "./view/dom.js";
import { createFrame } from "./view/frame.js";
import { createSidebar } from "./view/sidebar.js";
import { startTheme } from "./view/theme.js";
import { toast } from "./view/toast.js";

enter();
const pollingEveryMs = 4000;
const model = emptyModel();
const failed = (error) => toast(error.message, "error");

const reading = createReading(model, draw);
const talk = createTalk(model, { changed: draw, open, readState });
const rooms = createRooms(model, { open, readState });
const frame = createFrame(model, { greet: (bot) => void talk.greet(bot) });
const composer = createComposer(model, { send: (text, details) => void talk.say(text, details) });
const calls = createCallsPanel(model);
const dialogs = createDialogs(model, { sandbox, open, reload: readState });
const conversation = createConversation(model, {
  say: (text) => void talk.say(text),
  press: (message, data) => void talk.press(message, data, composer.speaker()),
  reply: (message) => composer.reply(message),
  show: (messageId) => conversation.show(messageId),
  stop: (draftId) => void talk.stopDraft(draftId),
});
const sidebar = createSidebar(model, {
  open,
  greet: (bot) => void talk.greet(bot),
  newTopic: (chat) => dialogs.topic(chat),
});

let planned = false;

/** Draws once for any number of changes made in one go. */
function draw() {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    frame.render();
    rooms.render();
    sidebar.render();
    conversation.render();
    composer.render();
    calls.render();
  });
}

function open(chatId, topic = 0) {
  const hash = `#/${chatId}/${topic || 0}`;
  if (location.hash === hash) follow();
  else location.hash = hash;
}

/** A group that became a supergroup is opened as that, and a topic that is gone as its forum. */
function hasMoved(chat, topic) {
  const gone = topic !== 0 && !topicIn(chat, topic);
  if (chat.migrated_to === undefined && !gone) return false;
  location.replace(`#/${chat.migrated_to ?? chat.id}/0`);
  return true;
}

/** `#/bot/<id>` is the private chat with that bot, made where there is none. */
function greetsBot() {
  const [, id] = /^#\/bot\/(\d+)$/.exec(location.hash) ?? [];
  const bot = model.bots.find((each) => String(each.id) === id);
  if (bot) void talk.greet(bot);
  return bot !== undefined;
}

/** The address says which conversation is open: reloading stays there, and Back goes to the list. */
function follow() {
  if (greetsBot()) return;
  const [, chatId, topic] = /^#\/(-?\d+)\/(\d+)$/.exec(location.hash) ?? [];
  const chat = chatId === undefined ? undefined : chatById(model, chatId);
  if (chat && hasMoved(chat, Number(topic))) return;
  const before = model.selected;
  if (chat) select(model, chat.id, Number(topic));
  else model.selected = undefined;
  draw();
  const moved = before?.chatId !== chat?.id || before?.topic !== model.selected?.topic;
  // On a touch screen the focus would raise the keyboard over the conversation.
  if (chat && moved && matchMedia("(hover: hover)").matches) queueMicrotask(composer.focus);
}

async function readState() {
  await reading.state();
  follow();
}

let complete = false;

/** The connection stands: whatever the page does not know yet is read. */
async function onHello({ gap }) {
  if (gap) forgetEvents(model);
  try {
    if (gap || !complete) await reading.everything();
    complete = true;
    model.connection = "live";
  } catch (error) {
    failed(error);
  }
  follow();
}

function onLost(isKeyOld) {
  model.connection = isKeyOld ? "locked" : "lost";
  frame.render();
}

function onEvent(event) {
  if (event.type === "hello") void onHello(event);
  if (event.type === "state") readState().catch(failed);
  if (event.type === "callback_answer") talk.hearAnswer(event);
  if (event.type === "call") reading.learnCommands(event.call);
  hear(model, event, Date.now());
  draw();
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (frame.showsOnePane() && selectedChat(model)) frame.back();
    byId("chat-search").focus();
    byId("chat-search").select();
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    sidebar.move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (!composer.close()) frame.close();
  }
}

const refreshPolling = () => {
  // A sandbox that is gone is told by the connection's own sign.
  if (model.connection === "live") reading.polling().catch(() => undefined);
};

// Inside of the fleet's page, which has a top of its own.
if (window.parent !== window) document.documentElement.dataset.embedded = "";
startTheme();
addEventListener("hashchange", follow);
addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", refreshPolling);
setInterval(refreshPolling, pollingEveryMs);
setInterval(() => {
  if (expire(model, Date.now())) draw();
}, 1000);
followEvents({ onLost, onEvent });
draw();
