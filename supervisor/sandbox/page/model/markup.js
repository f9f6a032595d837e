/** The rows of buttons under a message. */
export function inlineRows(message) {
  return message.reply_markup?.inline_keyboard ?? [];
}

const labelOf = (button) => (typeof button === "string" ? button : button.text);

/**
 * The keys offered in place of a keyboard. Telegram leaves no trace of them in messages, so the calls that sent them
 * tell: the newest one that sets or removes keys. Keys for one time are gone once somebody has said something.
 *
 * @param {readonly object[]} calls those of the conversation
 * @param {readonly object[]} said what users said in it
 */
export function quickKeys(calls, said) {
  const newest = calls.findLast(
    ({ error, params: { reply_markup: markup } }) =>
      error === undefined && (markup?.keyboard || markup?.remove_keyboard),
  );
  const markup = newest?.params.reply_markup;
  if (!markup?.keyboard) return { rows: [] };
  // Messages know whole seconds only: one of the same second is the one that was answered with the keys.
  const sentAt = Math.floor(newest.atMs / 1000);
  if (markup.one_time_keyboard && said.some(({ date }) => date > sentAt)) return { rows: [] };
  return {
    rows: markup.keyboard.map((row) => row.map(labelOf)),
    placeholder: markup.input_field_placeholder,
  };
}

/** What every bot of the fleet knows; offered while a bot has not said better. */
export const usualCommands = [
  { command: "start", description: "Begin" },
  { command: "help", description: "What this bot can do" },
  { command: "status", description: "How it is doing" },
];

/**
 * Commands that fit what is being typed, or none. Where several bots listen each is addressed by name.
 *
 * @param {string} typed the whole text of the composer
 * @param {readonly { name: string, username?: string, commands?: readonly { command: string, description: string }[] }[]} bots
 */
export function suggestions(typed, bots) {
  const asked = /^\/([\w@]*)$/.exec(typed);
  if (!asked) return [];
  return bots
    .flatMap((bot) =>
      (bot.commands?.length ? bot.commands : usualCommands).map(({ command, description }) => ({
        text: bots.length > 1 && bot.username ? `/${command}@${bot.username}` : `/${command}`,
        description,
        bot: bot.name,
      })),
    )
    .filter(({ text }) => text.slice(1).toLowerCase().startsWith(asked[1].toLowerCase()));
}
