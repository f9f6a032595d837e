import type { Message } from "../../../shared/telegram/bot-api.ts";

/** A message as a queue has it. */
export interface AcceptedMessage {
  readonly message: Message;
  /** When it was accepted, in epoch milliseconds. */
  readonly acceptedAtMs: number;
}

export interface MessageGroup<Accepted extends AcceptedMessage = AcceptedMessage> {
  /** At least one, in the order of their arrival. */
  readonly members: readonly [Accepted, ...Accepted[]];
  /**
   * Epoch milliseconds until which more of it may come: to be waited for before the group is worked on. Undefined for a
   * message that stands alone.
   */
  readonly openUntilMs: number | undefined;
}

/** Telegram sends the messages of an album one after the other; so long after the last one no more is expected. */
const albumQuietMs = 700;
/** The same for messages that somebody forwards at one go; and, in their dates, how far apart they may be. */
const burstQuietMs = 1_000;

/**
 * What one turn answers: an album is one message, and so are messages that one person forwards within a second. The
 * order stays; a group stands where its first message stands. Pure: a queue calls it with what it has on disk, again
 * after each arrival and after a restart. Messages are of one conversation.
 */
export function joinMessages<Accepted extends AcceptedMessage>(
  accepted: readonly Accepted[],
): MessageGroup<Accepted>[] {
  const groups: [Accepted, ...Accepted[]][] = [];
  for (const each of accepted) {
    const album = groups.find(([first]) => sameAlbum(first.message, each.message));
    const last = groups.at(-1);
    if (album !== undefined) album.push(each);
    else if (last !== undefined && sameBurst(last.at(-1)?.message, each.message)) last.push(each);
    else groups.push([each]);
  }
  return groups.map((members) => ({ members, openUntilMs: openUntil(members) }));
}

/** The words of a group for an agent: texts and captions, with the names of those whose words were forwarded. */
export function joinedText(messages: readonly Message[]): string {
  return messages
    .map((message) => {
      const words = message.text ?? message.caption ?? "";
      const origin = originOf(message);
      return origin === undefined || words === "" ? words : `Forwarded from ${origin}:\n${words}`;
    })
    .filter((words) => words !== "")
    .join("\n\n");
}

function sameAlbum(one: Message, other: Message): boolean {
  return (
    one.media_group_id !== undefined &&
    one.media_group_id === other.media_group_id &&
    one.from?.id === other.from?.id
  );
}

/** Dates are those of the forwarding, in seconds: what came in late, after a time without network, is no burst by that. */
function sameBurst(one: Message | undefined, other: Message): boolean {
  return (
    one?.forward_origin !== undefined &&
    other.forward_origin !== undefined &&
    one.from?.id === other.from?.id &&
    Math.abs(other.date - one.date) * 1_000 <= burstQuietMs
  );
}

function openUntil(members: readonly AcceptedMessage[]): number | undefined {
  const ends = members.flatMap(({ message, acceptedAtMs }) => {
    if (message.forward_origin !== undefined) return [acceptedAtMs + burstQuietMs];
    return message.media_group_id === undefined ? [] : [acceptedAtMs + albumQuietMs];
  });
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function originOf({ forward_origin: origin }: Message): string | undefined {
  if (origin === undefined) return undefined;
  if ("sender_user" in origin)
    return [origin.sender_user.first_name, origin.sender_user.last_name ?? ""].join(" ").trim();
  if ("sender_user_name" in origin) return origin.sender_user_name;
  return ("sender_chat" in origin ? origin.sender_chat : origin.chat).title ?? "a chat";
}
