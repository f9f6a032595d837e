const mostRemembered = 10_000;

/** Chats, or topics, of which something is remembered; of too many the oldest is forgotten. */
export class RememberedKeys {
  private readonly keys = new Set<number | string>();

  get count(): number {
    return this.keys.size;
  }

  has(key: number | string): boolean {
    return this.keys.has(key);
  }

  /** @returns whether that is new */
  remember(key: number | string): boolean {
    if (this.keys.has(key)) return false;
    this.keys.add(key);
    const [oldest] = this.keys;
    if (this.keys.size > mostRemembered && oldest !== undefined) this.keys.delete(oldest);
    return true;
  }

  forget(key: number | string): void {
    this.keys.delete(key);
  }
}
