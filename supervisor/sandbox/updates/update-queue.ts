/** One update waiting for its bot, already written as JSON: it is stringified once, however often it is sent. */
export interface QueuedUpdate {
  readonly id: number;
  /** Epoch milliseconds; not delivered afterwards. */
  readonly expiresAtMs: number;
  /** `"message":{...}`: the update without its braces and id. */
  readonly body: string;
  /** Length of `body` in UTF-8. */
  readonly bytes: number;
}

/** A response is cut at 4 MiB of JSON, an update counting 50 bytes more than its text (telegram-bot-api, JsonUpdates). */
const maxResponseBytes = 2 ** 22;
const bytesPerUpdate = 50;
/** An offset further than this beyond the next id, or before it, is read as the head, and nothing is forgotten (TQueue). */
const maxOffsetAhead = 10;
const maxOffsetBehind = 2_000_000;

/** The pure rules of one bot's queue; ids are given from outside, in rising order. Constant work at the head. */
export class UpdateQueue {
  private items: QueuedUpdate[] = [];
  private first = 0;
  private soonestExpiryMs = Number.POSITIVE_INFINITY;
  /** One more than the highest id ever queued; 0 while there was none. */
  private nextId: number;

  constructor(nextId = 0, items: readonly QueuedUpdate[] = []) {
    this.nextId = nextId;
    for (const item of items) this.push(item);
  }

  get tail(): number {
    return this.nextId;
  }

  get head(): number {
    return this.items[this.first]?.id ?? this.nextId;
  }

  push(update: QueuedUpdate): void {
    this.items.push(update);
    this.nextId = update.id + 1;
    this.soonestExpiryMs = Math.min(this.soonestExpiryMs, update.expiresAtMs);
  }

  /**
   * Applies an offset as Telegram does and returns what getUpdates answers. A positive offset forgets everything
   * below it at once, also when nothing is returned; -n keeps the last n; 0 reads from the head.
   */
  read(offset: number, limit: number, nowMs: number): readonly QueuedUpdate[] {
    if (offset < 0) this.keepLast(-offset, nowMs);
    else if (this.isCredible(offset)) this.forgetBelow(offset);
    return this.collect(limit, nowMs);
  }

  pending(nowMs: number): number {
    this.dropExpired(nowMs);
    return this.items.length - this.first;
  }

  clear(): void {
    this.items = [];
    this.first = 0;
    this.soonestExpiryMs = Number.POSITIVE_INFINITY;
  }

  /** What waits, for a snapshot. */
  waiting(nowMs: number): readonly QueuedUpdate[] {
    this.dropExpired(nowMs);
    return this.items.slice(this.first);
  }

  private isCredible(offset: number): boolean {
    return (
      offset > 0 &&
      offset <= this.nextId + maxOffsetAhead &&
      offset >= this.nextId - maxOffsetBehind
    );
  }

  private forgetBelow(offset: number): void {
    for (let head = this.items[this.first]; head !== undefined && head.id < offset; ) {
      this.first += 1;
      head = this.items[this.first];
    }
    this.compact();
  }

  private keepLast(count: number, nowMs: number): void {
    this.dropExpired(nowMs);
    this.first = Math.max(this.first, this.items.length - count);
    this.compact();
  }

  private collect(limit: number, nowMs: number): readonly QueuedUpdate[] {
    const found: QueuedUpdate[] = [];
    let bytesLeft = maxResponseBytes;
    for (let at = this.first; found.length < limit; at += 1) {
      const update = this.items[at];
      if (update === undefined) break;
      if (update.expiresAtMs < nowMs) continue;
      bytesLeft -= bytesPerUpdate + update.bytes;
      if (bytesLeft <= 0) break;
      found.push(update);
    }
    return found;
  }

  private dropExpired(nowMs: number): void {
    if (nowMs <= this.soonestExpiryMs) return;
    this.items = this.items.slice(this.first).filter((update) => update.expiresAtMs >= nowMs);
    this.first = 0;
    this.soonestExpiryMs = this.items.reduce(
      (soonest, update) => Math.min(soonest, update.expiresAtMs),
      Number.POSITIVE_INFINITY,
    );
  }

  /** The forgotten front goes when it is the larger half: constant work per update over time. */
  private compact(): void {
    if (this.first === this.items.length) this.clear();
    else if (this.first > 1024 && this.first * 2 > this.items.length) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    }
  }
}
