const mostRemembered = 10_000;

/** Chats that refused us. A message that arrives takes a chat off the list. */
export class BlockedChats {
  private readonly chats = new Set<number | string>();

  get count(): number {
    return this.chats.size;
  }

  has(chatId: number | string): boolean {
    return this.chats.has(chatId);
  }

  /** @returns whether that is new */
  remember(chatId: number | string): boolean {
    if (this.chats.has(chatId)) return false;
    this.chats.add(chatId);
    const [oldest] = this.chats;
    if (this.chats.size > mostRemembered && oldest !== undefined) this.chats.delete(oldest);
    return true;
  }

  forget(chatId: number | string): void {
    this.chats.delete(chatId);
  }
}
