import { commandsSetBy, toCall } from "./model/calls.js";
import { sandbox } from "./model/client.js";
import { takeCalls, takeDrafts, takeMessages, takeState } from "./model/store.js";

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

  /** What the bots' command lists are: the calls that set them tell. */
  async function commands() {
    for (const call of await sandbox.callsTo("setMyCommands")) learnCommands(call);
  }

  function learnCommands(row) {
    const call = toCall(row);
    const set = commandsSetBy(call);
    if (Array.isArray(set)) model.commands.set(call.bot, set);
  }

  async function state() {
    const read = await sandbox.state();
    takeState(model, read);
    await Promise.all([...model.chats.map(messages), polling()]);
    return read;
  }

  async function everything() {
    const { drafts } = await state();
    takeDrafts(model, drafts, Date.now());
    takeCalls(model, await sandbox.calls());
    await commands();
  }

  return { state, everything, polling, learnCommands };
}
