import { backoffMs } from "../../backoff.ts";

const policy = { baseMs: 500, capMs: 30_000 };
/** Floods in so many chats within so long are not about the chats. */
const spreadChats = 3;
const spreadMs = 10_000;

/** When nothing at all should be sent: Telegram cannot be reached, or floods come from everywhere. Monotonic. */
export class Outage {
  private readonly random: () => number;
  private failures = 0;
  private untilMs = 0;
  private floods: { readonly chatId: number | string; readonly atMs: number; waitMs: number }[] =
    [];

  constructor(random: () => number) {
    this.random = random;
  }

  get isOffline(): boolean {
    return this.failures > 0;
  }

  waitMs(nowMs: number): number {
    return Math.max(0, this.untilMs - nowMs);
  }

  /** Each failure in a row makes the pause longer. Requests that fail together count once. */
  failed(nowMs: number): void {
    if (nowMs < this.untilMs) return;
    this.untilMs = nowMs + backoffMs(policy, this.failures, this.random);
    this.failures += 1;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** @returns whether this flood is taken for one of the whole bot */
  flooded(chatId: number | string, waitMs: number, nowMs: number): boolean {
    this.floods = this.floods.filter(
      (flood) => flood.chatId !== chatId && nowMs - flood.atMs < spreadMs,
    );
    this.floods.push({ chatId, atMs: nowMs, waitMs });
    if (this.floods.length < spreadChats) return false;
    const shortestMs = Math.min(...this.floods.map((flood) => flood.waitMs));
    this.untilMs = Math.max(this.untilMs, nowMs + shortestMs);
    return true;
  }
}
