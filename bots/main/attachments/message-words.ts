import type { Message } from "../../../shared/telegram/bot-api.ts";
import type { Sent } from "../sessions/queue/journal-line.ts";

/** The words of a message for an agent: text or caption, with the name of whose words were forwarded. */
export function messageWords(message: Message): string {
  const words = message.text ?? message.caption ?? "";
  const origin = originOf(message);
  return origin === undefined || words === "" ? words : `Forwarded from ${origin}:\n${words}`;
}

/** The command that words begin with, as it was typed; a path is none. */
export function commandIn(words: string): string | undefined {
  return /^\/\w+(@\w+)?(?=\s|$)/.exec(words)?.[0];
}

/**
 * A text may have 4,096 characters (Bot API, `sendMessage`). Programs cut a longer one into messages, at a break in the
 * second half of what fits.
 */
const longText = 2_048;

/** Which messages are one to their sender: the pieces of an album, what is forwarded at once, a text cut into several. */
export function sentOf({
  date: atS,
  media_group_id: album,
  forward_origin: origin,
  text = "",
}: Message): Sent {
  if (album !== undefined) return { atS, as: `album ${album}` };
  if (origin !== undefined) return { atS, as: "forwarded" };
  return { atS, as: text.length > longText ? "long" : "alone" };
}

function originOf({ forward_origin: origin }: Message): string | undefined {
  if (origin === undefined) return undefined;
  if ("sender_user" in origin)
    return [origin.sender_user.first_name, origin.sender_user.last_name ?? ""].join(" ").trim();
  if ("sender_user_name" in origin) return origin.sender_user_name;
  return ("sender_chat" in origin ? origin.sender_chat : origin.chat).title ?? "a chat";
}
