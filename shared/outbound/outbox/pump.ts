import type { Clock } from "../../clock.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { DiskGate, Passage } from "../delivery/disk-gate.ts";
import type { Outage } from "../delivery/outage.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import type { ChatPaces } from "../pacing/chat-paces.ts";
import type { Urgency } from "../pacing/pace.ts";
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
  readonly disk: DiskGate;
  readonly journal: AnswerJournal;
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
  private onTheirWay = 0;
  /** What one request of the budget was granted for and nothing used yet. */
  private hasGrant = false;

  constructor(parts: PumpParts) {
    this.parts = parts;
    this.waker = new Waker(parts.clock);
  }

  /** Requests on their way, and answers that are being written down before they leave. */
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
      } else if (!this.hasGrant && !this.parts.disk.isAsked(pick.entry)) {
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
    if (this.onTheirWay >= mostInFlight) return undefined;
    const nowMs = clock.monotonic();
    const pausedMs = outage.waitMs(nowMs);
    if (pausedMs > 0) return { waitMs: pausedMs };
    return queue.pick(nowMs, (entry, { chatId }) => {
      const { kind } = entry;
      if (kind === "action") return paces.floodedForMs(chatId, nowMs);
      const readyMs = paces.readyInMs(chatId, urgencyOf(entry), nowMs);
      return Math.max(readyMs, this.diskReadyInMs(entry, nowMs));
    });
  }

  /** Answers that wait for the disk hold no slot of the others, but the slots bound them, too. */
  private diskReadyInMs(entry: Entry, nowMs: number): number {
    const { disk } = this.parts;
    if (!disk.concerns(entry)) return 0;
    const isFull = this.onTheirWay + disk.waiting >= mostInFlight;
    return isFull ? Number.POSITIVE_INFINITY : disk.readyInMs(nowMs);
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
    const remark = this.parts.delivery.remarkBefore(entry, call);
    if (remark !== undefined) {
      queue.putBack(entry);
      queue.putBack(remark);
      if (place !== undefined) queue.release(place);
      return;
    }
    // Who only asks the disk is granted something when it answers.
    if (!this.parts.disk.isAsked(entry)) {
      this.hasGrant = false;
      if (place !== undefined && entry.kind !== "action") paces.sent(place.chatId, nowMs);
    }
    const running = this.bring(entry, call, signal).finally(() => {
      this.running.delete(running);
      if (place !== undefined) queue.release(place);
      this.parts.onProgress();
      this.wake();
    });
    this.running.add(running);
  }

  private async bring(entry: Entry, call: TelegramCall, signal: AbortSignal): Promise<void> {
    const { disk, delivery, queue } = this.parts;
    if (disk.concerns(entry)) {
      const passage = await disk.pass(entry);
      // Others may wait for nothing but the disk.
      this.wake();
      if (passage === "refused") {
        queue.putBack(entry);
        return;
      }
      if (!(await this.mayLeave(entry, passage, signal))) {
        if (entry.seq !== undefined) this.parts.journal.takeBack(entry.seq);
        queue.putBack(entry);
        return;
      }
    }
    this.onTheirWay += 1;
    try {
      await delivery.attempt(entry, call, signal);
    } finally {
      this.onTheirWay -= 1;
    }
  }

  /** Those that were held up by a slow disk must not all leave in the moment when it answers. */
  private async mayLeave(entry: Entry, passage: Passage, signal: AbortSignal): Promise<boolean> {
    if (passage === "late") {
      if (!(await this.granted(signal))) return false;
      const { paces, clock } = this.parts;
      if (entry.place !== undefined) paces.sent(entry.place.chatId, clock.monotonic());
    }
    return !signal.aborted;
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

function urgencyOf({ kind, start }: Entry): Urgency {
  if (kind !== "answer") return "progress";
  return start.isUrgent === true ? "urgent" : "answer";
}
