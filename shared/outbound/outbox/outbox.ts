import { setMaxListeners } from "node:events";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { Delivery } from "../delivery/delivery.ts";
import { DiskGate } from "../delivery/disk-gate.ts";
import { FloodNotices } from "../delivery/flood-notices.ts";
import type { MigratedChats } from "../delivery/migrated-chats.ts";
import { Outage } from "../delivery/outage.ts";
import type { OutboxHooks, SendPort, SplitPort } from "../delivery/ports.ts";
import { RememberedKeys } from "../delivery/remembered-keys.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import { ChatPaces } from "../pacing/chat-paces.ts";
import type { SendBudget } from "../pacing/send-budget.ts";
import { Entry } from "../queue/entry.ts";
import {
  type Answer,
  type OutboundItem,
  type Place,
  placeOf,
  type Receipt,
} from "../queue/item.ts";
import { OutboxQueue, type QueueLimits } from "../queue/outbox-queue.ts";
import { Admission } from "./admission.ts";
import { Pump } from "./pump.ts";
import { dropped, OutboxClosedError, OutboxFullError, receiptOf, refused } from "./receipts.ts";
import { recoverAnswers } from "./recovery.ts";
import { replaceAnswer } from "./replace-answer.ts";
import type { OutboxSnapshot, OutboxState } from "./snapshot.ts";

export interface OutboxParts {
  readonly send: SendPort;
  readonly budget: SendBudget;
  readonly journal: AnswerJournal;
  readonly migrated: MigratedChats;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly split?: SplitPort;
  readonly hooks?: OutboxHooks;
  /** Default: those of a bot that has its token to itself. */
  readonly paces?: ChatPaces;
  readonly limits?: Partial<QueueLimits>;
  /** Gives back what belongs to the files; called when they are closed. */
  readonly onClosed?: () => Promise<void>;
}

/** A typing action is shown for 5 s (Bot API, `sendChatAction`); later it would be of another moment. */
const actionLifeMs = 5_000;

/**
 * The one door to Telegram for a bot. Order per conversation, fair between conversations, answers before deletions
 * before edits; paced; answers survive a crash. Made by {@link openOutbox}; its owner closes it.
 */
export class Outbox {
  /** Where groups are now; who hears of a move elsewhere says it here. */
  readonly migrated: MigratedChats;
  private readonly parts: OutboxParts;
  private readonly queue: OutboxQueue;
  private readonly paces: ChatPaces;
  private readonly outage: Outage;
  /** Chats that refused us; a message that arrives takes a chat off the list. */
  private readonly blocked = new RememberedKeys();
  private readonly disk: DiskGate;
  private readonly pump: Pump;
  private readonly admission: Admission;
  private readonly ending = new AbortController();
  private readonly pumping: Promise<void>;
  private readonly totals = { sent: 0, failed: 0, dropped: 0, recovered: 0 };
  private whenIdle: (() => void)[] = [];
  private state: OutboxState = "open";

  constructor(parts: OutboxParts) {
    const { clock, log, journal, migrated, hooks = {}, split = () => undefined } = parts;
    this.parts = parts;
    this.migrated = migrated;
    const queue = new OutboxQueue(parts.limits);
    const paces = parts.paces ?? new ChatPaces();
    const outage = new Outage(parts.random);
    const nowMs = (): number => clock.monotonic();
    this.queue = queue;
    this.paces = paces;
    this.outage = outage;
    const disk = new DiskGate({ journal, clock, log });
    this.disk = disk;
    const delivery = new Delivery({
      send: parts.send,
      journal,
      queue,
      paces,
      migrated,
      outage,
      disk,
      clock,
      log,
      hooks,
      blocked: this.blocked,
      notices: new FloodNotices(),
      replace: (entry, call, by) =>
        replaceAnswer({ split, journal, queue, nowMs }, entry, call, by),
    });
    const onProgress = (): void => {
      this.admission.openDoor();
      this.tellIdle();
    };
    const { budget } = parts;
    this.pump = new Pump({
      queue,
      paces,
      outage,
      budget,
      delivery,
      disk,
      journal,
      clock,
      onProgress,
    });
    this.admission = new Admission({
      queue,
      journal,
      nowMs,
      whereIs: (place) => this.whereIs(place),
      wake: () => {
        this.pump.wake();
        this.tellIdle();
      },
      register: (entry) => {
        this.count(entry);
      },
      registerUnwritten: (entry, { cause }) => {
        const sinceMs = clock.now();
        entry.onEnd((outcome) => {
          const { place } = entry;
          if (outcome.state === "sent" || outcome.state === "failed")
            hooks.onMessageEnded?.({ place, cause, sinceMs, ending: outcome });
        });
      },
    });
    migrated.follow((oldId, newId) => {
      queue.move(oldId, newId);
      this.pump.wake();
    });
    // Every request on its way listens to it.
    setMaxListeners(0, this.ending.signal);
    this.recover();
    this.pumping = this.pump.run(this.ending.signal);
  }

  /** Hands something over. Never throws; see {@link Receipt} for how it tells what became of it. */
  enqueue(item: OutboundItem): Receipt {
    if (item.signal?.aborted === true) return dropped("cancelled");
    if (item.kind === "answer") return this.enqueueAnswer(item);
    const isProgress = item.kind === "edit" || item.kind === "action";
    if (this.state === "closed" || (isProgress && this.state === "closing"))
      return dropped("closed");
    const place = this.placeOf(item);
    if (isProgress && this.queue.isFull) return dropped("full");
    if (isProgress && place !== undefined && this.blocked.has(place.chatId))
      return dropped("blocked");
    if (item.kind === "edit" && this.queue.isFinished(item.key)) return dropped("superseded");
    if ((item.kind === "call" || item.kind === "deletion") && !this.queue.hasRoomFor(item.kind))
      return refused(new OutboxFullError(item.kind));
    const entry = new Entry({
      kind: item.kind,
      place,
      enqueuedMs: this.parts.clock.monotonic(),
      compose: () => (item.kind === "edit" ? item.compose() : item),
      ...(item.kind === "edit" ? { key: item.key } : {}),
      ...(item.kind === "edit" && item.variant !== undefined ? { variant: item.variant } : {}),
      ...(item.kind === "action" ? { expiresMs: this.parts.clock.monotonic() + actionLifeMs } : {}),
    });
    this.count(entry);
    this.queue.add(entry);
    this.cancelWith(entry, item.signal);
    this.pump.wake();
    return receiptOf(entry);
  }

  /** A message came from this chat: it can be written to again. */
  heardFrom(chatId: number): void {
    this.blocked.forget(chatId);
  }

  snapshot(): OutboxSnapshot {
    const { clock } = this.parts;
    const nowMs = clock.monotonic();
    const floodWaits = this.paces.waits(nowMs).map(({ chatId, untilMs, slowness }) => {
      const waitMs = untilMs - nowMs;
      return { chatId, waitMs, untilMs: clock.now() + waitMs, slowness };
    });
    return {
      state: this.state,
      waiting: this.queue.depths,
      inFlight: this.pump.inFlight,
      lagMs: nowMs - (this.queue.oldestAnswerMs ?? nowMs),
      atTheDoor: this.admission.atTheDoor,
      floodWaits,
      blockedChats: this.blocked.count,
      offline: this.outage.isOffline,
      storageTrouble: this.disk.trouble,
      totals: { ...this.totals },
    };
  }

  /**
   * Ends orderly: progress is dropped, answers and deletions go out for up to `deadlineMs`, what is on its way then is
   * given up. Answers that remain are written down for the next start.
   * @throws the system's error when the journal cannot be closed; everything else is over all the same
   */
  async close(deadlineMs: number): Promise<void> {
    if (this.state !== "open") return;
    this.state = "closing";
    for (const entry of this.queue.takeEdits()) entry.end({ state: "dropped", reason: "closed" });
    this.admission.openForGood();
    await this.drained(deadlineMs);
    this.state = "closed";
    this.ending.abort(new DOMException("The outbox is closed.", "AbortError"));
    await this.admission.settled();
    await this.pumping;
    for (const entry of this.queue.takeAll()) {
      entry.end(
        entry.seq === undefined ? { state: "dropped", reason: "closed" } : { state: "kept" },
      );
    }
    try {
      await this.parts.migrated.close();
      await this.parts.journal.close();
    } finally {
      await this.parts.onClosed?.();
    }
  }

  private enqueueAnswer(answer: Answer): Receipt {
    const place = this.placeOf(answer);
    if (this.state === "closed" || place === undefined) {
      return refused(
        place === undefined ? new TypeError("An answer needs a chat_id.") : new OutboxClosedError(),
      );
    }
    if (answer.finalFor !== undefined) this.queue.finish(answer.finalFor);
    const { entry, receipt } = this.admission.admit(answer, place);
    this.cancelWith(entry, answer.signal);
    return receipt;
  }

  /** Where the item goes now: a group may have another id than its producer knows. */
  private placeOf(item: OutboundItem): Place | undefined {
    const given = "place" in item ? item.place : undefined;
    const place = given ?? ("params" in item ? placeOf(item.params) : undefined);
    return place && this.whereIs(place);
  }

  private whereIs(place: Place): Place {
    return { ...place, chatId: this.parts.migrated.resolve(place.chatId) };
  }

  private cancelWith(entry: Entry, signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const cancel = (): void => {
      this.admission.cancel(entry);
    };
    signal.addEventListener("abort", cancel, { once: true });
    entry.onEnd(() => {
      signal.removeEventListener("abort", cancel);
    });
  }

  private recover(): void {
    this.totals.recovered = recoverAnswers(this.parts, (entry, seq) => {
      this.admission.readmit(entry, seq);
    });
  }

  private async drained(deadlineMs: number): Promise<void> {
    if (deadlineMs <= 0) return;
    const late = new AbortController();
    const cancel = this.parts.clock.schedule(deadlineMs, () => {
      late.abort();
      this.tellIdle();
    });
    const isIdle = (): boolean => this.isDrained() || late.signal.aborted;
    while (!isIdle()) await new Promise<void>((resolve) => this.whenIdle.push(resolve));
    cancel();
  }

  private isDrained(): boolean {
    const { answers, deletions, calls } = this.queue.depths;
    return answers + deletions + calls + this.pump.inFlight === 0;
  }

  private tellIdle(): void {
    for (const tell of this.whenIdle.splice(0)) tell();
  }

  private count(entry: Entry): void {
    entry.onEnd(({ state }) => {
      if (state !== "kept") this.totals[state] += 1;
    });
  }
}
