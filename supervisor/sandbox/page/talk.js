import { sandbox } from "./model/client.js";
import { botsWithoutChat, keyOf, speakerOf } from "./model/conversations.js";
import { filesToSend } from "./model/media.js";
import { answerPress, putMessage, selectedChat, waitForAnswer } from "./model/store.js";
import { alertBox, toast } from "./view/toast.js";

const failed = (error) => toast(error.message, "error");

/**
 * What the reader does as a Telegram user.
 *
 * @param {object} model
 * @param {{ changed: () => void, open: (chatId: number) => void, readState: () => Promise<void> }} page
 */
export function createTalk(model, { changed, open, readState }) {
  /** Says something in the open conversation, sends files with it, or files alone. */
  async function say(text, { from, replyTo, files = [], asFiles = false } = {}) {
    const chat = selectedChat(model);
    const { topic } = model.selected;
    const where = {
      from: from ?? speakerOf(model, chat),
      ...(topic ? { message_thread_id: topic } : {}),
      ...(replyTo ? { reply_to_message_id: replyTo } : {}),
    };
    try {
      if (files.length === 0)
        putMessage(model, chat.id, await sandbox.say(chat.id, { ...where, text }));
      for (const part of filesToSend(files, { asFiles, caption: text, newId })) {
        const { kind, file, ...rest } = part;
        const sent = { name: file.name, type: file.type, base64: await base64Of(file) };
        putMessage(
          model,
          chat.id,
          await sandbox.sendFile(chat.id, kind, { ...where, ...rest, file: sent }),
        );
      }
    } catch (error) {
      failed(error);
    }
    changed();
  }

  /** Stops what the bot of the open conversation is writing. */
  async function stopDraft(draftId) {
    const chat = selectedChat(model);
    const { topic } = model.selected;
    try {
      await sandbox.stopDraft(chat.id, {
        from: speakerOf(model, chat),
        draft_id: draftId,
        ...(topic ? { message_thread_id: topic } : {}),
      });
    } catch (error) {
      failed(error);
    }
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

  return { say, press, stopDraft, hearAnswer, greet };
}

const newId = () => String(crypto.getRandomValues(new BigUint64Array(1))[0]);

function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve(reader.result.slice(reader.result.indexOf(",") + 1)),
    );
    reader.addEventListener("error", () => reject(new Error(`${file.name} cannot be read`)));
    reader.readAsDataURL(file);
  });
}
