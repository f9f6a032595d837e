/** The rows of buttons under a message. */
export function inlineRows(message) {
  return message.reply_markup?.inline_keyboard ?? [];
}

const labelOf = (button) => (typeof button === "string" ? button : button.text);

/**
 * The keys offered in place of a keyboard: those of the newest message of a bot that sets or removes them.
 * A one-time keyboard is gone once somebody has said something after it.
 */
export function quickKeys(messages, isBot) {
  let saidSince = false;
  for (const message of messages.toReversed()) {
    if (!isBot(message.from)) {
      saidSince = true;
      continue;
    }
    const markup = message.reply_markup;
    if (markup?.remove_keyboard) return { rows: [] };
    if (!markup?.keyboard) continue;
    if (markup.one_time_keyboard && saidSince) return { rows: [] };
    return {
      rows: markup.keyboard.map((row) => row.map(labelOf)),
      placeholder: markup.input_field_placeholder,
    };
  }
  return { rows: [] };
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
