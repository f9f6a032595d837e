import type { Listener } from "../lifecycle/lease-handle.ts";
import { openListener } from "../lifecycle/listener.ts";
import { listenerRoot } from "../lifecycle/listener-root.ts";
import type { Log } from "../logger.ts";
import { identifySelf } from "../process/identity.ts";
import { untilStorageWorks } from "../storage/patience.ts";
import { LockKeeper } from "./receiving/lock-keeper.ts";
import { type ServeDeps, serve } from "./serve.ts";
import { causeOf } from "./stopping/cause-of.ts";

/**
 * A bot from its first call to its last: lock, lease, then the bot itself; given back in reverse.
 * @throws LockHeldError, LeaseHeldError, TokenRefusedError, and whatever the bot's own setup throws
 */
export async function runBot(deps: ServeDeps): Promise<void> {
  const { equipped, stop, log, clock } = deps;
  const { settings } = equipped;
  const locks = new LockKeeper(settings, clock, log);
  let listener: Listener | undefined;
  try {
    // Main without its lock is refused before anything else happens; an auxiliary bot works without, too.
    if (settings.role === "main" && !deps.skipNamedLock) await locks.take(0, stop.signal);
    const patience = {
      onRefused: (reason: string) => {
        deps.link.send({ type: "polling", report: { state: "waiting_for_storage", reason } });
      },
      clock,
      random: deps.random,
      log,
    };
    const lease = {
      root: listenerRoot(settings.stateDir, settings.name),
      holder: identifySelf(),
      label: settings.name,
      clock,
      log,
    };
    listener = await untilStorageWorks(patience, stop.signal, () => openListener(lease));
    await serve(deps, locks, listener);
    await ended(listener.stopped(stop.cause ?? "failed"), log);
  } catch (error) {
    stop.pull(causeOf(error));
    const askedToStop = error === stop.signal.reason;
    if (listener !== undefined) {
      await ended(
        askedToStop ? listener.stopped(stop.cause ?? "failed") : listener.failed(error),
        log,
      );
    }
    if (!askedToStop) throw error;
  } finally {
    await locks.giveBack();
  }
}

/** A full disk must not make an error of an ordered stop. */
async function ended(transition: Promise<void>, log: Log): Promise<void> {
  try {
    await transition;
  } catch (error) {
    log.error("the end could not be written into the lifecycle files", { error });
  }
}
