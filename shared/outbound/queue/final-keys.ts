/** So many ended progress messages are remembered; edits that come later than that are not expected. */
const mostRemembered = 1_000;

/** Progress messages whose final answer has come: what is still said about them is old. */
export class FinalKeys {
  private readonly keys = new Set<string>();

  add(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    const [oldest] = this.keys;
    if (this.keys.size > mostRemembered && oldest !== undefined) this.keys.delete(oldest);
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }
}
