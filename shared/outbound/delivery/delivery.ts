import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { type ClassifiedError, classifyError } from "../../telegram/error-classifier.ts";
import type { ErrorKind } from "../../telegram/error-kind.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import type { ChatPaces } from "../pacing/chat-paces.ts";
import { type AttemptFacts, type Entry, freshFacts } from "../queue/entry.ts";
import { type Place, placeKey, type TelegramCall } from "../queue/item.ts";
import type { OutboxQueue } from "../queue/outbox-queue.ts";
import type { DiskGate } from "./disk-gate.ts";
import { dress } from "./dress.ts";
import type { FloodNotices } from "./flood-notices.ts";
import { isLeftBehind } from "./method-kind.ts";
import type { MigratedChats } from "./migrated-chats.ts";
import type { Outage } from "./outage.ts";
import type { OutboxHooks, Replacement, SendPort } from "./ports.ts";
import { remarkEntry } from "./remark.ts";
import { RememberedKeys } from "./remembered-keys.ts";
import { messageIdsOf } from "./result-ids.ts";
import { judge, type Verdict } from "./verdict.ts";

export interface DeliveryParts {
  readonly send: SendPort;
  readonly journal: AnswerJournal;
  readonly queue: OutboxQueue;
  readonly paces: ChatPaces;
  readonly migrated: MigratedChats;
  readonly blocked: RememberedKeys;
  readonly notices: FloodNotices;
  readonly outage: Outage;
  readonly disk: DiskGate;
  readonly clock: Clock;
  readonly log: Log;
  readonly hooks: OutboxHooks;
  /**
   * Puts something else in the answer's place; false where there is nothing else. Rejects when it cannot be written
   * down.
   */
  readonly replace: (entry: Entry, call: TelegramCall, by: Replacement) => Promise<boolean>;
}

/** One attempt to bring one item to Telegram, and what follows from how it went. It is written down by then. */
export class Delivery {
  private readonly parts: DeliveryParts;
  /** What was told already, until something arrives there again. */
  private readonly goneTopics = new RememberedKeys();
  private readonly lostChats = new RememberedKeys();

  constructor(parts: DeliveryParts) {
    this.parts = parts;
  }

  /**
   * Never rejects. Afterwards the entry has ended, or stands in the queue again; an answer whose attempt was given up
   * is `kept`.
   */
  async attempt(entry: Entry, call: TelegramCall, signal: AbortSignal): Promise<void> {
    if (isLeftBehind(call, entry.place)) return this.leaveBehind(entry, call);
    try {
      const { method, params } = dress(call, entry.facts, entry.place?.chatId);
      const result = await this.parts.send(method, params, signal);
      this.parts.outage.succeeded();
      this.succeed(entry, result);
    } catch (error) {
      if (signal.aborted) this.giveUp(entry);
      else await this.follow(entry, call, error);
    }
  }

  /**
   * What has to be said before an item that cannot carry its mark; from now on it counts as said. Where nobody knows
   * whether it arrived, it is not repeated.
   */
  remarkBefore(entry: Entry, call: TelegramCall): Entry | undefined {
    const { place, facts } = entry;
    const { noteFirst } = dress(call, facts, place?.chatId);
    if (place === undefined || noteFirst === undefined || noteFirst === facts.noted)
      return undefined;
    change(entry, { noted: noteFirst });
    return remarkEntry({
      place,
      text: noteFirst,
      nowMs: this.parts.clock.monotonic(),
      inTopic: !facts.withoutTopic,
      facts: { ...freshFacts, unknownOutcomes: 1 },
    });
  }

  private succeed(entry: Entry, result: unknown): void {
    const messageIds = messageIdsOf(result);
    if (entry.seq !== undefined) this.parts.journal.sent(entry.seq, messageIds);
    if (entry.place !== undefined) this.reached(entry.place, entry.facts);
    entry.end({ state: "sent", result, messageIds });
  }

  private reached(place: Place, { withoutTopic }: AttemptFacts): void {
    this.parts.blocked.forget(place.chatId);
    this.lostChats.forget(place.chatId);
    if (!withoutTopic) this.goneTopics.forget(placeKey(place));
  }

  /** The process ends. What the journal says about an answer stays as it is, and that is the truth. */
  private giveUp(entry: Entry): void {
    entry.end(entry.seq === undefined ? { state: "dropped", reason: "closed" } : { state: "kept" });
  }

  /** What a person waits for is said in the new chat; a message that nobody can change any more stays as it is. */
  private async leaveBehind(entry: Entry, call: TelegramCall): Promise<void> {
    const what = call.method.startsWith("delete") ? "delete" : "edit";
    const error = new Error(`message to ${what} not found: it stands in the group before it moved`);
    if (entry.seq !== undefined) this.parts.journal.takeBack(entry.seq);
    const isAnswerByEdit = entry.kind === "answer" && call.method === "editMessageText";
    if (!isAnswerByEdit || !(await this.replace(entry, call, "anew")))
      this.fail(entry, error, error);
  }

  private async follow(entry: Entry, call: TelegramCall, thrown: unknown): Promise<void> {
    const error = classifyError(thrown, call.method);
    this.parts.hooks.onError?.(error);
    const { kind, facts, place } = entry;
    const isInTopic = place?.topicId !== undefined;
    const hasInstead = entry.start.instead !== undefined;
    const verdict = judge(error, { kind, method: call.method, facts, isInTopic, hasInstead });
    if (isAnswer.has(error.kind)) this.parts.outage.succeeded();
    const isRefused = isAnswer.has(error.kind) && verdict.do !== "done";
    if (entry.seq !== undefined && (isRefused || verdict.do === "retry")) {
      this.parts.journal.takeBack(entry.seq);
    }
    switch (verdict.do) {
      case "done":
        this.succeed(entry, true);
        return;
      case "block":
        this.block(entry, error, thrown);
        return;
      case "fail":
        this.fail(entry, error, thrown);
        return;
      case "split":
      case "instead":
      case "anew":
        if (!(await this.replace(entry, call, verdict.do))) this.fail(entry, error, thrown);
        return;
      case "wait":
        this.wait(entry, verdict.waitMs);
        return;
      case "retry":
      case "repeat":
      case "repeat_marked":
      case "move":
      case "without_topic":
      case "without_reply":
      case "plain":
        this.learn(entry, verdict);
        this.parts.queue.putBack(entry);
    }
  }

  /** Where the disk refuses, the answer stays what it is, and is refused again when the disk works. */
  private async replace(entry: Entry, call: TelegramCall, by: Replacement): Promise<boolean> {
    if (by === "anew" && entry.start.isOnlyInPlace === true) {
      if (entry.seq !== undefined) this.parts.journal.sent(entry.seq, []);
      entry.end({ state: "sent", result: true, messageIds: [] });
      return true;
    }
    try {
      return await this.parts.replace(entry, call, by);
    } catch (error) {
      this.parts.disk.refused(error);
      this.parts.queue.putBack(entry);
      return true;
    }
  }

  /** What the next attempt does differently. */
  private learn(entry: Entry, verdict: Lesson): void {
    const { outage, clock } = this.parts;
    switch (verdict.do) {
      case "retry":
      case "repeat":
        outage.failed(clock.monotonic());
        change(entry, { repeats: entry.facts.repeats + 1 });
        return;
      case "repeat_marked":
        outage.failed(clock.monotonic());
        change(entry, { unknownOutcomes: entry.facts.unknownOutcomes + 1, mark: "connection" });
        return;
      case "move":
        this.move(entry, verdict.chatId);
        return;
      case "without_topic":
        change(entry, { withoutTopic: true });
        this.tellTopicGone(entry);
        return;
      case "without_reply":
        change(entry, { withoutReply: true });
        return;
      case "plain":
        change(entry, { plain: true });
    }
  }

  private wait(entry: Entry, waitMs: number): void {
    const { paces, outage, queue, notices, clock, log } = this.parts;
    const nowMs = clock.monotonic();
    const { kind, place } = entry;
    if (kind === "action") {
      entry.end({ state: "dropped", reason: "expired" });
    } else if (place === undefined || kind === "call") {
      entry.notBeforeMs = nowMs + waitMs;
      queue.putBack(entry);
    } else {
      queue.putBack(entry);
      const notice = notices.after(place, waitMs, nowMs);
      if (notice !== undefined) queue.putBack(notice);
    }
    if (place === undefined || kind === "call") return;
    paces.flooded(place.chatId, waitMs, nowMs);
    const isEverywhere = outage.flooded(place.chatId, waitMs, nowMs);
    log.warn("Telegram asks for silence in a chat.", {
      chatId: place.chatId,
      seconds: waitMs / 1_000,
      everywhere: isEverywhere || undefined,
    });
  }

  /** Everything that waits for the old id goes to the new one, behind this entry: the queue follows. */
  private move(entry: Entry, newId: number): void {
    if (entry.place === undefined) return;
    this.parts.migrated.remember(entry.place.chatId, newId);
    entry.place = { ...entry.place, chatId: newId };
    change(entry, { moved: true });
  }

  private tellTopicGone({ place }: Entry): void {
    if (place === undefined || !this.goneTopics.remember(placeKey(place))) return;
    this.parts.log.warn("A forum topic is closed or gone; its answers go to the chat, flagged.", {
      ...place,
    });
    this.parts.hooks.onTopicGone?.(place);
  }

  private block(entry: Entry, error: ClassifiedError, thrown: unknown): void {
    const { blocked, queue, log, hooks } = this.parts;
    const chatId = entry.place?.chatId;
    this.fail(entry, error, thrown);
    if (chatId === undefined || entry.kind === "call") return;
    const waiting = queue.takeChat(chatId);
    for (const other of waiting) {
      if (other.kind === "answer") this.fail(other, error, thrown);
      else other.end({ state: "dropped", reason: "blocked" });
    }
    blocked.remember(chatId);
    if (!this.lostChats.remember(chatId)) return;
    log.warn("The bot may not write to a chat; what waited for it has failed.", {
      chatId,
      waiting: waiting.length,
      reason: error.message,
    });
    hooks.onChatBlocked?.(chatId);
  }

  private fail(entry: Entry, error: Pick<ClassifiedError, "message">, thrown: unknown): void {
    const { journal, log, hooks } = this.parts;
    if (entry.start.isRemark === true) {
      log.info("A remark of the outbox could not be delivered.", { reason: error.message });
    } else if (entry.kind === "answer") {
      const reason = error.message;
      const answerId = entry.seq === undefined ? undefined : journal.producerIdOf(entry.seq);
      if (entry.seq !== undefined) journal.failed(entry.seq, reason);
      log.error("An answer could not be delivered.", { ...entry.place, answerId, reason });
      hooks.onAnswerFailed?.({ place: entry.place, answerId, reason });
    }
    entry.end({ state: "failed", reason: error.message, error: thrown });
  }
}

type Lesson = Exclude<Verdict, { readonly do: "done" | "block" | "fail" | Replacement | "wait" }>;

/** Telegram said something: it can be reached, and what it refuses did not arrive. */
const isAnswer: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  "flood",
  "migrated",
  "blocked",
  "bad_request",
]);

function change(entry: Entry, facts: Partial<AttemptFacts>): void {
  entry.facts = { ...entry.facts, ...facts };
}
