import type { LineOf } from "./journal-line.ts";

/** Longer than Telegram repeats an update (24 h; facts/telegram-bot-api.md, section 2). */
const rememberMs = 48 * 3_600_000;
const remembered = 10_000;

/** Ids of messages that were accepted, the oldest forgotten first. */
export class SeenMessages {
  private readonly ids = new Map<string, number>();

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string, atMs: number): void {
    this.ids.delete(id);
    this.ids.set(id, atMs);
    const [oldest] = this.ids.keys();
    if (this.ids.size > remembered && oldest !== undefined) this.ids.delete(oldest);
  }

  *lines(nowMs: number): Generator<LineOf<"seen">> {
    for (const [id, atMs] of this.ids) {
      if (nowMs - atMs < rememberMs) yield { t: "seen", id, atMs };
    }
  }
}
