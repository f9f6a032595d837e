import { aborted } from "../../aborted.ts";

/**
 * What the supervisor told a bot about polling a token that it shares: take it over (the bot that answers for it is
 * gone), or give it back. A bot that was told nothing polls whenever it gets the named lock.
 */
export class PollingAssignment {
  private told: boolean | undefined;
  /** Aborts at the next change of what was told; whoever waits looks again. */
  private change = new AbortController();

  set(take: boolean): void {
    if (take === this.told) return;
    this.told = take;
    this.wake();
  }

  /** Somebody else holds the lock now: what a waiting bot says about it is old. */
  lockMoved(): void {
    this.wake();
  }

  private get isTaken(): boolean {
    return this.told === true;
  }

  get yielded(): boolean {
    return this.told === false;
  }

  /** A turn at polling: the signal aborts with `stop`, and when polling shall be given back. */
  turn(stop: AbortSignal): AbortSignal {
    if (this.yielded) return AbortSignal.abort(new Error("polling was handed back"));
    const turn = new AbortController();
    void this.endWhenYielded(turn, stop);
    return AbortSignal.any([stop, turn.signal]);
  }

  /**
   * Resolves when the bot was told to poll, at once if that was the last word; rejects with the signal's reason.
   * @param onNews called while it waits, when the lock may be another's
   */
  async taken(signal: AbortSignal, onNews: () => Promise<void>): Promise<void> {
    while (!this.isTaken) {
      await this.nextChange(signal);
      if (!this.isTaken) await onNews();
    }
  }

  private wake(): void {
    const before = this.change;
    this.change = new AbortController();
    before.abort();
  }

  private async endWhenYielded(turn: AbortController, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await aborted(AbortSignal.any([stop, this.change.signal]));
      if (this.yielded) {
        turn.abort(new Error("polling was handed back"));
        return;
      }
    }
  }

  private async nextChange(signal: AbortSignal): Promise<void> {
    await aborted(AbortSignal.any([signal, this.change.signal]));
    signal.throwIfAborted();
  }
}
