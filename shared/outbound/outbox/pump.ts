import type { Clock } from "../../clock.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Outage } from "../delivery/outage.ts";
import type { ChatPaces } from "../pacing/chat-paces.ts";
import type { SendBudget } from "../pacing/send-budget.ts";
import type { Entry } from "../queue/entry.ts";
import type { TelegramCall } from "../queue/item.ts";
import type { OutboxQueue, Pick } from "../queue/outbox-queue.ts";
import { Waker } from "./waker.ts";

export interface PumpParts {
  readonly queue: OutboxQueue;
  readonly paces: ChatPaces;
  readonly outage: Outage;
  readonly budget: SendBudget;
  readonly delivery: Delivery;
  readonly clock: Clock;
  /** Called whenever there is more room, or something has ended. */
  readonly onProgress: () => void;
}

/** Requests on their way at a time; about what 30 a second need when Telegram is slow to answer. */
const mostInFlight = 30;

/** Takes what may go, in order of urgency, as fast as the paces and the budget allow. */
export class Pump {
  private readonly parts: PumpParts;
  private readonly waker: Waker;
  private readonly running = new Set<Promise<void>>();
  /** What one request of the budget was granted for and nothing used yet. */
  private hasGrant = false;

  constructor(parts: PumpParts) {
    this.parts = parts;
    this.waker = new Waker(parts.clock);
  }

  get inFlight(): number {
    return this.running.size;
  }

  /** Something has changed: look again. */
  wake(): void {
    this.waker.wake();
  }

  /** Resolves when the signal has aborted and nothing is on its way any more. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pick = this.pick();
      if (pick === undefined || "waitMs" in pick) {
        await this.waker.rest(pick?.waitMs, signal);
      } else if (!this.hasGrant) {
        // The choice is made anew afterwards: something more urgent may have come.
        this.hasGrant = await this.granted(signal);
      } else {
        this.start(pick.entry, signal);
      }
    }
    await Promise.all(this.running);
  }

  private pick(): Pick {
    const { queue, paces, outage, clock } = this.parts;
    if (this.running.size >= mostInFlight) return undefined;
    const nowMs = clock.monotonic();
    const pausedMs = outage.waitMs(nowMs);
    if (pausedMs > 0) return { waitMs: pausedMs };
    return queue.pick(nowMs, ({ kind }, { chatId }) =>
      kind === "action"
        ? paces.floodedForMs(chatId, nowMs)
        : paces.readyInMs(chatId, kind !== "answer", nowMs),
    );
  }

  private async granted(signal: AbortSignal): Promise<boolean> {
    try {
      await this.parts.budget.acquire(1, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  private start(entry: Entry, signal: AbortSignal): void {
    const { queue, paces, clock } = this.parts;
    const nowMs = clock.monotonic();
    queue.take(entry);
    const place = entry.kind === "call" ? undefined : entry.place;
    const call = this.compose(entry, nowMs);
    if (call === undefined) {
      if (place !== undefined) queue.release(place);
      this.parts.onProgress();
      return;
    }
    this.hasGrant = false;
    if (place !== undefined && entry.kind !== "action") paces.sent(place.chatId, nowMs);
    const running = this.parts.delivery.attempt(entry, call, signal).finally(() => {
      this.running.delete(running);
      if (place !== undefined) queue.release(place);
      this.parts.onProgress();
      this.wake();
    });
    this.running.add(running);
  }

  /** What to send; undefined (and the entry has ended) where there is nothing to say any more. */
  private compose(entry: Entry, nowMs: number): TelegramCall | undefined {
    if (nowMs > (entry.start.expiresMs ?? Number.POSITIVE_INFINITY)) {
      entry.end({ state: "dropped", reason: "expired" });
      return undefined;
    }
    try {
      const call = entry.start.compose();
      if (call === undefined) entry.end({ state: "dropped", reason: "superseded" });
      return call;
    } catch (error) {
      entry.end({ state: "failed", reason: "It could not be rendered.", error });
      return undefined;
    }
  }
}
