import type { Clock } from "../clock.ts";

/** Wrong codes of one person before nothing is tried any more for an hour. */
const maxWrongCodes = 5;
const countForMs = 3_600_000;
/** So many people with wrong codes in one hour are remembered; of more of them nothing is tried. */
const rememberedUsers = 10_000;

/** Counts wrong codes, so that nobody guesses for long. Forgotten when the process ends. */
export class PairingTries {
  private readonly clock: Clock;
  private readonly wrong = new Map<number, { count: number; readonly sinceMs: number }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  mayTry(userId: number): boolean {
    this.forgetOld();
    const known = this.wrong.get(userId);
    if (known === undefined) return this.wrong.size < rememberedUsers;
    return known.count < maxWrongCodes;
  }

  /** @returns how many tries are left */
  countWrong(userId: number): number {
    const known = this.wrong.get(userId) ?? { count: 0, sinceMs: this.clock.monotonic() };
    known.count += 1;
    this.wrong.set(userId, known);
    return maxWrongCodes - known.count;
  }

  private forgetOld(): void {
    const nowMs = this.clock.monotonic();
    // Oldest first: that is the order of insertion.
    for (const [user, { sinceMs }] of this.wrong) {
      if (nowMs - sinceMs < countForMs) break;
      this.wrong.delete(user);
    }
  }
}
