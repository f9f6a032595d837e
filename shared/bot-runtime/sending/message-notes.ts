import type { Clock } from "../../clock.ts";
import type { Chronicle } from "../../contract/chronicle/chronicle.ts";
import type { EndedMessage } from "../../outbound/delivery/ports.ts";
import type { LiveTextStart } from "../../outbound/live/live-text.ts";
import type { Cause, Place } from "../../outbound/queue/item.ts";

/** Tells the chronicle which messages there are, and why. */
export class MessageNotes {
  private readonly chronicle: Pick<Chronicle, "note">;
  private readonly clock: Clock;

  constructor(chronicle: Pick<Chronicle, "note">, clock: Clock) {
    this.chronicle = chronicle;
    this.clock = clock;
  }

  readonly ended = ({ place, cause, sinceMs: since, ending }: EndedMessage): void => {
    if (place === undefined) return;
    const facts = { at: this.clock.now(), since, ...address(place), ...behalf(cause) };
    if (ending.state === "failed")
      this.chronicle.note({ t: "failed", ...facts, reason: ending.reason });
    else this.chronicle.note({ t: "sent", ...facts, messages: ending.messageIds });
  };

  readonly growing = (messageId: number, { place, cause }: LiveTextStart): void => {
    const at = this.clock.now();
    const facts = { at, since: at, ...address(place), ...behalf(cause) };
    this.chronicle.note({ t: "grows", ...facts, messages: [messageId] });
  };
}

function address({ chatId: chat, topicId: topic }: Place) {
  return { chat, ...(topic === undefined ? {} : { topic }) };
}

function behalf(cause: Cause | undefined) {
  return cause === undefined ? {} : { cause };
}
