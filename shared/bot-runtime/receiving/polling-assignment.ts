import { aborted } from "../../aborted.ts";

/**
 * What the supervisor told a bot about polling a token that it shares: take it over (the bot that answers for it is
 * gone), or give it back. A bot that was told nothing polls whenever it gets the named lock.
 */
export class PollingAssignment {
  /** What it was told last; undefined: nothing. Said again, it changes nothing for whoever waits. */
  private told: boolean | undefined;
  private taking = new AbortController();
  private yielding = new AbortController();

  set(take: boolean): void {
    if (take === this.told) return;
    this.told = take;
    if (take) {
      this.yielding = new AbortController();
      this.taking.abort();
    } else {
      this.taking = new AbortController();
      this.yielding.abort();
    }
  }

  /** Aborts when polling shall be given back. Ask anew for every turn. */
  get yielded(): AbortSignal {
    return this.yielding.signal;
  }

  /** Resolves when the bot was told to poll; rejects with the signal's reason. */
  async taken(signal: AbortSignal): Promise<void> {
    await aborted(AbortSignal.any([signal, this.taking.signal]));
    signal.throwIfAborted();
  }
}
