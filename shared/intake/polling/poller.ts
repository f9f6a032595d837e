import { PollLoop } from "./poll-loop.ts";
import type { PollerDeps, PollerEnd } from "./poller-deps.ts";

/** The last loop of each bot in this process, by bot id: it must have ended before the next one begins. */
const lastLoops = new Map<number, Promise<unknown>>();

/**
 * Polls one bot until the signal aborts, or until `ownsToken` says no after a conflict. Survives every error on the
 * way. In one process only one loop per bot exists at a time: a second call begins when the first has ended, its last
 * confirmation included. The callbacks of `deps` must not throw.
 */
export async function runPoller(deps: PollerDeps, signal: AbortSignal): Promise<PollerEnd> {
  const before = lastLoops.get(deps.botId);
  const own = (async () => {
    await before;
    return new PollLoop(deps, signal).run();
  })();
  // The next loop waits for the end, whatever it was.
  const ended = own.then(
    () => undefined,
    () => undefined,
  );
  lastLoops.set(deps.botId, ended);
  try {
    return await own;
  } finally {
    if (lastLoops.get(deps.botId) === ended) lastLoops.delete(deps.botId);
  }
}
