/** Ids, tokens and names as Telegram makes them; chance comes from outside. */

type Random = () => number;

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const tokenSecretLength = 35;

/** The one user of a new sandbox. Far above the ids Telegram has given out, so that it never means a real person. */
export const newcomerId = 900_000_000_001;

function integerBetween(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low));
}

/** Ten digits, as bots of today have. */
export function randomBotId(random: Random): number {
  return integerBetween(random, 1_000_000_000, 9_999_999_999);
}

export function randomUserId(random: Random): number {
  return integerBetween(random, newcomerId + 1, 999_999_999_999);
}

export function randomGroupId(random: Random): number {
  return -integerBetween(random, 1_000_000_000, 4_999_999_999);
}

export function randomSupergroupId(random: Random): number {
  return -1_000_000_000_000 - integerBetween(random, 1_000_000_000, 3_999_999_999);
}

/** Where a bot's update ids begin, and go on after a week of silence (TQueue: above 2,000,000, below half of 2^31). */
export function randomUpdateId(random: Random): number {
  return integerBetween(random, 2_000_001, 1_000_000_000);
}

/** Decimal digits as used for callback query ids and chat instances. */
export function randomDigits(random: Random, length: number): string {
  const rest = Array.from({ length: length - 1 }, () => integerBetween(random, 0, 10));
  return `${integerBetween(random, 1, 10)}${rest.join("")}`;
}

export function randomToken(botId: number, random: Random): string {
  const secret = Array.from(
    { length: tokenSecretLength },
    () => tokenAlphabet[integerBetween(random, 0, tokenAlphabet.length)],
  );
  return `${botId}:${secret.join("")}`;
}

/** `buy_tracker` -> `buytracker_sandbox_bot`; usernames are Latin letters, digits and underscores. */
export function botUsername(name: string): string {
  const letters = name.replace(/[^a-zA-Z0-9]/g, "").slice(0, 20);
  return `${letters === "" ? "nameless" : letters}_sandbox_bot`;
}

/** `buy_tracker` -> `Buy tracker`. */
export function botFirstName(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words === "" ? "Bot" : words.charAt(0).toUpperCase() + words.slice(1);
}
