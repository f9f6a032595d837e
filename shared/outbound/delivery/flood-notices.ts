import type { Entry } from "../queue/entry.ts";
import type { Place } from "../queue/item.ts";
import { remarkEntry } from "./remark.ts";

/** Shorter waits are not worth a message. */
const longWaitMs = 60_000;

/** Tells a chat, once, why it heard nothing for a long time: the message stands before everything that waits for it. */
export class FloodNotices {
  private readonly waiting = new Set<number | string>();

  /** @returns the message to send when the wait is over; undefined for a short wait, or where one waits already */
  after(place: Place, waitMs: number, nowMs: number): Entry | undefined {
    const { chatId } = place;
    if (waitMs <= longWaitMs || this.waiting.has(chatId)) return undefined;
    this.waiting.add(chatId);
    const text = `Telegram made this bot wait ${Math.ceil(waitMs / 60_000)} minutes before it could write here again. What was meant for that time follows.`;
    const notice = remarkEntry({ place, text, nowMs });
    notice.onEnd(() => {
      this.waiting.delete(chatId);
    });
    return notice;
  }
}
