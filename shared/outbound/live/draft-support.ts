import type { Place } from "../queue/item.ts";

const mostRemembered = 10_000;

/** Which chats show drafts. One per bot; forgets with the process, because clients and servers get better. */
export class DraftSupport {
  private readonly without = new Set<number | string>();

  /** Drafts exist in private chats only (Bot API, `sendMessageDraft`). */
  isUsable({ chatId }: Place): boolean {
    return Number(chatId) > 0 && !this.without.has(chatId);
  }

  /** One refusal is enough: edits work everywhere. */
  refused({ chatId }: Place): void {
    this.without.add(chatId);
    const [oldest] = this.without;
    if (this.without.size > mostRemembered && oldest !== undefined) this.without.delete(oldest);
  }
}
