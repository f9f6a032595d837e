import { OperationError } from "../errors.ts";

/**
 * Whose button was pressed, on a token that several bots share: the bot's tag in front of `callback_data`, put there by
 * the runtime when a keyboard is sent and taken off before a handler sees the press. It travels with the button, so
 * there is no record that could be lost, and a button from last year still finds its bot.
 *
 * Telegram allows 64 bytes. A tag takes 6 of them: `@`, four characters made from the bot's name, `:`. The default bot
 * of a token (main) uses no tag: its buttons look as they would on a token of its own.
 */
const tagPattern = /^@([0-9a-z]{4}):/;
const maxCallbackBytes = 64;

/** Four characters for a bot's name; the same for ever. Two names of one token with one tag are a clash, refused at start. */
export function callbackTag(botName: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(botName)) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash >>> 0) % 36 ** 4).toString(36).padStart(4, "0");
}

/** @throws OperationError where the data leaves no room for the tag */
export function tagCallbackData(botName: string, data: string): string {
  const tagged = `@${callbackTag(botName)}:${data}`;
  const bytes = Buffer.byteLength(tagged);
  if (bytes > maxCallbackBytes) {
    throw new OperationError(
      `callback_data of bot ${botName} is too long: ${bytes - 6} bytes. On a token that bots share Telegram leaves ${maxCallbackBytes - 6}; shorten it.`,
    );
  }
  return tagged;
}

export interface CallbackData {
  /** Of the bot that sent the button; undefined for the default bot's. */
  readonly tag: string | undefined;
  /** As the bot gave it. */
  readonly data: string;
}

export function readCallbackData(data: string): CallbackData {
  const tag = tagPattern.exec(data)?.[1];
  return tag === undefined ? { tag, data } : { tag, data: data.slice(6) };
}
