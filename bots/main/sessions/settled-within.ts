import type { Clock } from "../../../shared/clock.ts";

/** Resolves when the work has settled, or after `ms`. Never rejects. */
export async function settledWithin(
  work: Promise<unknown>,
  ms: number,
  clock: Clock,
): Promise<void> {
  const done = new AbortController();
  await Promise.race([
    work.catch(() => undefined),
    clock.sleep(ms, done.signal).catch(() => undefined),
  ]);
  done.abort();
}
