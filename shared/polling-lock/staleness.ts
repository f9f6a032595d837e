import type { Judgement } from "../process/identity.ts";

/** A holder touches its lock this often. */
export const touchEveryMs = 5_000;
/** Where nothing can be proven: no holder was ever seen for this long (two touches missed, as proper-lockfile's default). */
const abandonedAfterMs = 10_000;

export interface LockEvidence {
  /** Of the recorded holder; undefined without a record that can be read. */
  readonly holder: Judgement | undefined;
  /** The recorded holder sees the same kernel locks as we do. */
  readonly sameNetNamespace: boolean;
  /** Since the lock was last touched; negative when its time lies in the future. */
  readonly ageMs: number;
}

/**
 * - `held`: hands off.
 * - `dead`: the holder is proven dead; nobody needs to wait.
 * - `abandoned`: nothing is proven, but no holder that runs leaves its lock untouched for so long.
 */
export type LockVerdict = "held" | "dead" | "abandoned";

export function judgeLock({ holder, sameNetNamespace, ageMs }: LockEvidence): LockVerdict {
  if (holder === "alive") return "held";
  // From another network namespace our mutex is not seen, and two could clean at once: age gives them time.
  if (holder === "dead" && sameNetNamespace) return "dead";
  // A time far in the future was written before the wall clock was set back; a living holder corrects it in 5 s.
  return Math.abs(ageMs) > abandonedAfterMs ? "abandoned" : "held";
}
