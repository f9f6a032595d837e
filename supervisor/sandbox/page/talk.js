import { sandbox } from "./model/client.js";
import { botsWithoutChat, keyOf, speakerOf } from "./model/conversations.js";
import { answerPress, isBlocked, putMessage, selectedChat, waitForAnswer } from "./model/store.js";
import { alertBox, toast } from "./view/toast.js";

const failed = (error) => toast(error.message, "error");

/**
 * What the reader does as a Telegram user.
 *
 * @param {object} model
 * @param {{ changed: () => void, open: (chatId: number) => void, readState: () => Promise<void> }} page
 */
export function createTalk(model, { changed, open, readState }) {
  /** Says something in the open conversation. */
  async function say(text, { from, replyTo } = {}) {
    const chat = selectedChat(model);
    const { topic } = model.selected;
    try {
      const message = await sandbox.say(chat.id, {
        from: from ?? speakerOf(model, chat),
        text,
        ...(topic ? { message_thread_id: topic } : {}),
        ...(replyTo ? { reply_to_message_id: replyTo } : {}),
      });
      putMessage(model, chat.id, message);
    } catch (error) {
      failed(error);
    }
    changed();
  }

  /** Presses a button of the open conversation. */
  async function press(message, data, from) {
    const chat = selectedChat(model);
    const key = keyOf(chat.id, model.selected.topic);
    try {
      const answer = await sandbox.press(chat.id, {
        from: from ?? speakerOf(model, chat),
        message_id: message.message_id,
        data,
      });
      waitForAnswer(model, answer.callback_query_id, key, message.message_id, data, Date.now());
    } catch (error) {
      failed(error);
    }
    changed();
  }

  /** Shows what a bot answered to a press, as Telegram would. */
  function hearAnswer(event) {
    answerPress(model, event.callback_query_id);
    if (!event.text) return;
    if (event.show_alert) alertBox("The bot says", event.text);
    else toast(event.text);
  }

  /** Opens the private chat with a bot, and makes it first where there is none. */
  async function greet(bot) {
    try {
      if (botsWithoutChat(model).includes(bot)) {
        await sandbox.createChat({ type: "private", members: [model.me], bots: [bot.id] });
        await readState();
      }
    } catch (error) {
      failed(error);
    }
    const chat = model.chats.find(
      ({ type, members, bots }) =>
        type === "private" && members.includes(model.me) && bots.includes(bot.id),
    );
    if (chat) open(chat.id);
  }

  /** Blocks the bot of the open private chat, or lets it speak again. */
  async function toggleBlock() {
    const chat = selectedChat(model);
    const [user] = chat.members;
    const [bot] = chat.bots;
    const blocked = !isBlocked(model, chat);
    try {
      await sandbox.block(user, bot, blocked);
      await readState();
      toast(blocked ? "Blocked: whatever this bot sends here gets a 403" : "Unblocked");
    } catch (error) {
      failed(error);
    }
    changed();
  }

  return { say, press, hearAnswer, greet, toggleBlock };
}
