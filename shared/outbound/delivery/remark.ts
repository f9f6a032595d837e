import { type AttemptFacts, Entry, freshFacts } from "../queue/entry.ts";
import type { CallParams, Place } from "../queue/item.ts";

export interface RemarkStart {
  /** In whose order it stands. */
  readonly place: Place;
  readonly text: string;
  readonly nowMs: number;
  /** False: said in the chat, although it stands in the order of a topic. */
  readonly inTopic?: boolean;
  readonly facts?: AttemptFacts;
}

/** Something that the outbox says by itself; nobody waits for it. It goes where its place has moved by then. */
export function remarkEntry({ place, text, nowMs, inTopic = true, facts }: RemarkStart): Entry {
  const { topicId } = place;
  const topic: CallParams = topicId === undefined || !inTopic ? {} : { message_thread_id: topicId };
  const entry: Entry = new Entry({
    kind: "answer",
    isRemark: true,
    place,
    enqueuedMs: nowMs,
    compose: () => ({
      method: "sendMessage",
      params: { chat_id: entry.place?.chatId ?? place.chatId, ...topic, text },
    }),
    facts: facts ?? freshFacts,
  });
  return entry;
}
