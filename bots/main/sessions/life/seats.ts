/** Whoever has, or wants, an agent process. */
export interface SeatHolder {
  /** Since when it rests and could be suspended, in monotonic milliseconds; undefined while it cannot. */
  readonly restingSinceMs: number | undefined;
  /** It has a seat now. */
  seated(): void;
  /** Somebody waits: suspend, and give the seat back. */
  makeRoom(): void;
}

/**
 * At most so many agents live at once. Whoever comes when all seats are taken waits in order, and the one that has
 * rested longest is asked to go.
 */
export class Seats {
  readonly limit: number;
  private readonly taken = new Set<SeatHolder>();
  private readonly waiting: SeatHolder[] = [];
  private readonly leaving = new Set<SeatHolder>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get takenCount(): number {
    return this.taken.size;
  }

  get hasFree(): boolean {
    return this.taken.size < this.limit && this.waiting.length === 0;
  }

  /** @returns false when it has to wait; {@link SeatHolder.seated} is called in both cases, at once or later */
  take(holder: SeatHolder): boolean {
    if (this.hasFree) {
      this.taken.add(holder);
      holder.seated();
      return true;
    }
    this.waiting.push(holder);
    this.lookForRoom();
    return false;
  }

  /** Gives the seat back, or stops waiting for one. */
  leave(holder: SeatHolder): void {
    const place = this.waiting.indexOf(holder);
    if (place >= 0) this.waiting.splice(place, 1);
    this.leaving.delete(holder);
    if (!this.taken.delete(holder)) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.taken.add(next);
    next.seated();
  }

  /** To be called whenever a holder comes to rest. */
  lookForRoom(): void {
    while (this.waiting.length > this.leaving.size) {
      const [longest] = [...this.taken]
        .filter((holder) => !this.leaving.has(holder) && holder.restingSinceMs !== undefined)
        .toSorted((a, b) => (a.restingSinceMs ?? 0) - (b.restingSinceMs ?? 0));
      if (longest === undefined) return;
      this.leaving.add(longest);
      longest.makeRoom();
    }
  }
}
