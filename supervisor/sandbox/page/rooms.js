import { sandbox } from "./model/client.js";
import { topicIn } from "./model/conversations.js";
import { isBlocked, selectedChat } from "./model/store.js";
import { byId } from "./view/dom.js";
import { confirmBox, toast } from "./view/toast.js";

function label(button, text, pressed) {
  button.title = text;
  button.setAttribute("aria-label", text);
  button.setAttribute("aria-pressed", String(pressed));
}

/**
 * What the reader does with the open chat as such: the buttons in the line above it.
 *
 * @param {object} model
 * @param {{ open: (chatId: number, topic?: number) => void, readState: () => Promise<void> }} page
 */
export function createRooms(model, { open, readState }) {
  async function attempt(work, done) {
    try {
      await work();
      await readState();
      if (done) toast(done);
    } catch (error) {
      toast(error.message, "error");
    }
  }

  /** Blocks the bot of the open private chat, or lets it speak again. */
  function toggleBlock() {
    const chat = selectedChat(model);
    const [user] = chat.members;
    const [bot] = chat.bots;
    const blocked = !isBlocked(model, chat);
    const done = blocked ? "Blocked: whatever this bot sends here gets a 403" : "Unblocked";
    return attempt(() => sandbox.block(user, bot, blocked), done);
  }

  function toggleTopic() {
    const chat = selectedChat(model);
    const topic = topicIn(chat, model.selected.topic);
    const closed = !topic.closed;
    const done = closed ? "Closed: whatever bots send here gets a 400 TOPIC_CLOSED" : "Reopened";
    return attempt(() => sandbox.changeTopic(chat.id, topic.message_thread_id, { closed }), done);
  }

  async function deleteTopic() {
    const chat = selectedChat(model);
    const topic = topicIn(chat, model.selected.topic);
    const wanted = await confirmBox(
      `Delete "${topic.name}"?`,
      "The topic goes with all its messages. Bots are not told; what they send there gets a 400.",
      "Delete",
    );
    if (!wanted) return;
    await attempt(() => sandbox.changeTopic(chat.id, topic.message_thread_id, { deleted: true }));
  }

  async function migrate() {
    const chat = selectedChat(model);
    const wanted = await confirmBox(
      `Make "${chat.title}" a supergroup?`,
      "It gets a new id. Bots are told once; what they send to the old id gets a 400 with the new one.",
      "Make it one",
    );
    if (!wanted) return;
    await attempt(async () => {
      const supergroup = await sandbox.migrate(chat.id);
      await readState();
      open(supergroup.id);
    });
  }

  function render() {
    const chat = selectedChat(model);
    if (!chat) return;
    const topic = topicIn(chat, model.selected.topic);
    const blocked = isBlocked(model, chat);
    byId("block").hidden = chat.type !== "private";
    label(byId("block"), blocked ? "Unblock this bot" : "Block this bot", blocked);
    byId("migrate").hidden = chat.type !== "group";
    // Topics of private chats cannot be closed.
    byId("topic-closed").hidden = topic === undefined || chat.type === "private";
    byId("topic-delete").hidden = topic === undefined;
    const closed = topic?.closed === true;
    label(byId("topic-closed"), closed ? "Reopen this topic" : "Close this topic", closed);
  }

  byId("block").addEventListener("click", () => void toggleBlock());
  byId("topic-closed").addEventListener("click", () => void toggleTopic());
  byId("topic-delete").addEventListener("click", () => void deleteTopic());
  byId("migrate").addEventListener("click", () => void migrate());
  return { render };
}
