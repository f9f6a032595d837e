import { ConversationQueue, compareRanks } from "./conversation-queue.ts";
import type { Entry } from "./entry.ts";
import { FinalKeys } from "./final-keys.ts";
import { type Place, placeKey } from "./item.ts";

/** How much may wait. Numbers of items. */
export interface QueueLimits {
  readonly total: number;
  /** Telegram refuses a chat with more than 310 unsent messages (facts/telegram-bot-api.md, section 4). */
  readonly answersPerConversation: number;
  /** Calls and deletions have a part of the whole, so that they never shut the door for answers. */
  readonly calls: number;
  readonly deletions: number;
}

const usualQueueLimits: QueueLimits = {
  total: 5_000,
  answersPerConversation: 300,
  calls: 1_000,
  deletions: 1_000,
};

export interface QueueDepths {
  readonly answers: number;
  readonly deletions: number;
  readonly edits: number;
  readonly actions: number;
  readonly calls: number;
}

/** Next to send, or how long until something may be, in milliseconds; undefined when nothing waits. */
export type Pick = { readonly entry: Entry } | { readonly waitMs: number } | undefined;

/** Everything that waits. No time and no I/O in here: whether a chat may be written to is asked. */
export class OutboxQueue {
  private readonly limits: QueueLimits;
  private readonly conversations = new Map<string, ConversationQueue>();
  private readonly calls: Entry[] = [];
  private readonly finals = new FinalKeys();
  /** Where groups are now, by their old id. */
  private readonly moved = new Map<string, number>();
  private turn = 0;
  private size = 0;

  constructor(limits: Partial<QueueLimits> = {}) {
    this.limits = { ...usualQueueLimits, ...limits };
  }

  /** Whether an answer for this place may come in now. Edits are sacrificed to make room. */
  hasRoomForAnswer(place: Place): boolean {
    const waiting = this.conversations.get(placeKey(place))?.lengthOf("answer") ?? 0;
    if (waiting >= this.limits.answersPerConversation) return false;
    if (!this.isFull) return true;
    this.dropProgress();
    return !this.isFull;
  }

  /** Whether one more may wait. */
  hasRoomFor(kind: "call" | "deletion"): boolean {
    return kind === "call"
      ? this.calls.length < this.limits.calls
      : this.depths.deletions < this.limits.deletions;
  }

  get isFull(): boolean {
    return this.size >= this.limits.total;
  }

  add(entry: Entry): void {
    if (entry.place === undefined || entry.kind === "call") {
      this.calls.push(entry);
      this.size += 1;
      return;
    }
    if (this.conversationOf(entry.place).add(entry) === undefined) this.size += 1;
  }

  /** At the head of what waits for its place: its order was decided long ago. */
  putBack(entry: Entry): void {
    if (entry.hasEnded) return;
    if (entry.start.key !== undefined && this.isFinished(entry.start.key)) {
      entry.end({ state: "dropped", reason: "superseded" });
      return;
    }
    if (entry.place === undefined || entry.kind === "call") {
      this.calls.unshift(entry);
      this.size += 1;
      return;
    }
    // Its group may have moved while it was on its way.
    entry.place = this.whereIs(entry.place);
    const conversation = this.conversationOf(entry.place);
    const before = conversation.all().length;
    conversation.putBack(entry);
    this.size += conversation.all().length - before;
  }

  /**
   * The next to send, taken by {@link take}: calls, then urgent answers, answers, deletions, edits, actions; among equals the
   * conversation that was served longest ago.
   * @param readyInMs how long until a chat may be written to with this kind of item; 0 for now
   */
  pick(nowMs: number, readyInMs: (entry: Entry, place: Place) => number): Pick {
    let waitMs = Number.POSITIVE_INFINITY;
    for (const entry of this.calls) {
      if (entry.notBeforeMs <= nowMs) return { entry };
      waitMs = Math.min(waitMs, entry.notBeforeMs - nowMs);
    }
    let best: { entry: Entry; conversation: ConversationQueue } | undefined;
    for (const conversation of this.conversations.values()) {
      const entry = conversation.head;
      if (entry === undefined || entry.isHeld || conversation.isBusy) continue;
      if (best !== undefined && !goesBefore(entry, conversation, best)) continue;
      const readyMs = Math.max(entry.notBeforeMs - nowMs, readyInMs(entry, conversation.place));
      if (readyMs <= 0) best = { entry, conversation };
      else waitMs = Math.min(waitMs, readyMs);
    }
    if (best !== undefined) return { entry: best.entry };
    return Number.isFinite(waitMs) ? { waitMs } : undefined;
  }

  /** Takes an entry out to be sent; its conversation waits for {@link release}. */
  take(entry: Entry): void {
    this.remove(entry);
    if (entry.place === undefined || entry.kind === "call") return;
    const conversation = this.conversationOf(entry.place);
    this.turn += 1;
    conversation.lastServed = this.turn;
    conversation.inFlight = entry;
  }

  release(place: Place): void {
    const conversation = this.conversations.get(placeKey(place));
    if (conversation === undefined) return;
    conversation.inFlight = undefined;
    this.tidy(place);
    this.tidy(this.whereIs(place));
  }

  /**
   * A group has another id from now on. What waits for the old one goes there, before what waits there already, and behind
   * what is on its way to the old one, which may come back.
   */
  move(oldId: number | string, newId: number): void {
    this.moved.set(String(oldId), newId);
    for (const old of this.conversations.values()) {
      if (String(old.place.chatId) !== String(oldId)) continue;
      const conversation = this.conversationOf(this.whereIs(old.place));
      if (conversation === old) continue;
      conversation.before = old;
      const waiting = [...old.takeAll(), ...conversation.takeAll()];
      this.size -= waiting.length;
      for (const entry of waiting) {
        entry.place = conversation.place;
        this.add(entry);
      }
      this.tidy(old.place);
      this.tidy(conversation.place);
    }
  }

  remove(entry: Entry): boolean {
    const at = this.calls.indexOf(entry);
    if (at !== -1) this.calls.splice(at, 1);
    const conversation = entry.place && this.conversations.get(placeKey(entry.place));
    const removed = at !== -1 || conversation?.remove(entry) === true;
    if (removed) this.size -= 1;
    if (conversation?.isIdle === true) this.conversations.delete(placeKey(conversation.place));
    return removed;
  }

  /** The final answer of a progress message has come: its edits are old, those that wait and those still to come. */
  finish(key: string): void {
    this.finals.add(key);
    for (const entry of this.takeEdits(key)) entry.end({ state: "dropped", reason: "superseded" });
  }

  isFinished(key: string): boolean {
    return this.finals.has(key);
  }

  /** Edits that wait with this key; without a key: all edits. */
  takeEdits(key?: string): Entry[] {
    return this.taken((conversation) => conversation.takeEdits(key));
  }

  /** Everything that waits for a chat, in the order in which it would have gone. */
  takeChat(chatId: number | string): Entry[] {
    return this.taken((conversation) =>
      conversation.place.chatId === chatId ? conversation.takeAll() : [],
    );
  }

  takeAll(): Entry[] {
    const calls = this.calls.splice(0);
    this.size -= calls.length;
    return [...calls, ...this.taken((conversation) => conversation.takeAll())];
  }

  get depths(): QueueDepths {
    const depths = { answers: 0, deletions: 0, edits: 0, actions: 0, calls: this.calls.length };
    for (const conversation of this.conversations.values()) {
      depths.answers += conversation.lengthOf("answer");
      depths.deletions += conversation.lengthOf("deletion");
      depths.edits += conversation.lengthOf("edit");
      depths.actions += conversation.lengthOf("action");
    }
    return depths;
  }

  /** When the answer that waits longest was enqueued (monotonic). */
  get oldestAnswerMs(): number | undefined {
    const all = [...this.conversations.values()].flatMap(
      ({ oldestAnswerMs }) => oldestAnswerMs ?? [],
    );
    return all.length === 0 ? undefined : Math.min(...all);
  }

  private taken(take: (conversation: ConversationQueue) => Entry[]): Entry[] {
    const taken: Entry[] = [];
    for (const [key, conversation] of this.conversations) {
      taken.push(...take(conversation));
      if (conversation.isIdle) this.conversations.delete(key);
    }
    this.size -= taken.length;
    return taken;
  }

  private whereIs(place: Place): Place {
    const chatId = this.moved.get(String(place.chatId));
    return chatId === undefined ? place : { ...place, chatId };
  }

  private tidy(place: Place): void {
    const key = placeKey(place);
    if (this.conversations.get(key)?.isIdle === true) this.conversations.delete(key);
  }

  private dropProgress(): void {
    for (const entry of this.takeEdits()) entry.end({ state: "dropped", reason: "full" });
  }

  private conversationOf(place: Place): ConversationQueue {
    const key = placeKey(place);
    let conversation = this.conversations.get(key);
    if (conversation === undefined) {
      conversation = new ConversationQueue(place);
      // A newcomer stands behind those who wait already: many short conversations must not starve a long one.
      conversation.lastServed = this.turn;
      this.conversations.set(key, conversation);
    }
    return conversation;
  }
}

function goesBefore(
  entry: Entry,
  conversation: ConversationQueue,
  best: { readonly entry: Entry; readonly conversation: ConversationQueue },
): boolean {
  const rank = compareRanks(entry, best.entry);
  return rank < 0 || (rank === 0 && conversation.lastServed < best.conversation.lastServed);
}
