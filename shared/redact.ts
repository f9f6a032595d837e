/**
 * A bot token: the numeric bot id, a colon, the secret. Real secrets have 35 characters; shorter ones
 * are caught too, because a token cut by a line limit is still a secret.
 */
const botToken = /(?<!\d)(\d{3,20})(?::|%3A)[A-Za-z0-9_-]{16,}/gi;

/** Replaces the secret of every bot token by a word; the bot id stays, it names the bot. */
export function redact(text: string): string {
  return text.replace(botToken, "$1:<redacted>");
}
