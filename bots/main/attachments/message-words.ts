import type { Message } from "../../../shared/telegram/bot-api.ts";

/** The words of a message for an agent: text or caption, with the name of whose words were forwarded. */
export function messageWords(message: Message): string {
  const words = message.text ?? message.caption ?? "";
  const origin = originOf(message);
  return origin === undefined || words === "" ? words : `Forwarded from ${origin}:\n${words}`;
}

/** Whether more of it may come in a moment: the pieces of an album and forwarded messages come one after the other. */
export function isPieceOfMany({ media_group_id: album, forward_origin: origin }: Message): boolean {
  return album !== undefined || origin !== undefined;
}

function originOf({ forward_origin: origin }: Message): string | undefined {
  if (origin === undefined) return undefined;
  if ("sender_user" in origin)
    return [origin.sender_user.first_name, origin.sender_user.last_name ?? ""].join(" ").trim();
  if ("sender_user_name" in origin) return origin.sender_user_name;
  return ("sender_chat" in origin ? origin.sender_chat : origin.chat).title ?? "a chat";
}
