import { sandbox } from "./model/client.js";
import { takeCalls, takeMessages, takeState } from "./model/store.js";

/**
 * Reads from the sandbox into the model: all of it after every opening of the event stream, polling figures now and then.
 *
 * @param {object} model
 * @param {() => void} changed
 */
export function createReading(model, changed) {
  async function messages(chat) {
    if (model.messages.has(chat.id)) return;
    takeMessages(model, chat.id, await sandbox.messages(chat.id));
  }

  async function polling() {
    if (document.hidden) return;
    await Promise.all(
      model.bots.map(async ({ id }) => model.polling.set(id, await sandbox.polling(id))),
    );
    changed();
  }

  /** Bots whose command lists the state does not tell: their last setMyCommands does. */
  async function commands() {
    if (model.bots.every((bot) => bot.commands)) return;
    for (const call of await sandbox.callsTo("setMyCommands")) learnCommands(call);
  }

  function learnCommands(call) {
    const bot = model.bots.find(({ id }) => id === call.bot);
    if (bot && call.method === "setMyCommands") bot.commands = call.params?.commands;
  }

  async function state() {
    takeState(model, await sandbox.state());
    await Promise.all([...model.chats.map(messages), polling(), commands()]);
  }

  async function everything() {
    await state();
    takeCalls(model, await sandbox.calls());
  }

  return { state, everything, polling, learnCommands };
}
