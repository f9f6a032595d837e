import type { Update } from "../telegram/bot-api.ts";
import { payloadOf } from "../telegram/conversation.ts";

export interface AddressedCommand {
  /** Without the slash, in lower case. */
  readonly name: string;
  /** The user name behind the @, in lower case; undefined where nobody is named. */
  readonly addressee: string | undefined;
}

/** Telegram's own limits: 1-32 letters, digits and underscores; user names likewise. */
const command = /^\/([a-z0-9_]{1,32})(?:@([a-z0-9_]{1,64}))?(?=\s|$)/i;

/** The command that a message (new, edited, in a channel; text or caption) begins with. */
export function commandOf(update: Update): AddressedCommand | undefined {
  const payload = payloadOf(update)[1];
  const text = payload?.["text"] ?? payload?.["caption"];
  const match = typeof text === "string" ? command.exec(text) : null;
  if (match === null) return undefined;
  const [, name = "", addressee] = match;
  return { name: name.toLowerCase(), addressee: addressee?.toLowerCase() };
}
