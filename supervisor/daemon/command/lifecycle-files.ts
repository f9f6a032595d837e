import type { Clock } from "../../../shared/clock.ts";
import type { Listener } from "../../../shared/lifecycle/lease-handle.ts";
import { openListener } from "../../../shared/lifecycle/listener.ts";
import type { Log } from "../../../shared/logger.ts";
import type { ProcessIdentity } from "../../../shared/process/identity.ts";

export interface LifecycleFilesDeps {
  /** The listener's folder. */
  readonly root: string;
  readonly name: string;
  /** The command's process: its end is the listener's end. */
  readonly holder: ProcessIdentity;
  readonly clock: Clock;
  readonly log: Log;
  /** An operator (or a successor) ended the lease. */
  readonly onClosed: () => void;
}

/** The lifecycle files of one process that does not keep them itself. What they tell follows the order of the calls. */
export class LifecycleFiles {
  private readonly deps: LifecycleFilesDeps;
  private readonly opened: Promise<Listener>;
  private turn: Promise<void> = Promise.resolve();

  constructor(deps: LifecycleFilesDeps) {
    this.deps = deps;
    this.opened = this.open();
    // Told by `whenOpen`; what is written later finds nothing to write to.
    this.opened.catch(() => undefined);
  }

  /** @throws LeaseHeldError, ConfigurationError: the process must not go on */
  async whenOpen(): Promise<void> {
    await this.opened;
  }

  running(): void {
    this.note((listener) => listener.running());
  }

  stopping(cause: string): void {
    this.note((listener) => listener.stopping(cause));
  }

  /** @param failure undefined for an end that was asked for, or went well */
  async ended(cause: string, failure: Error | undefined): Promise<void> {
    this.note((listener) =>
      failure === undefined ? listener.stopped(cause) : listener.failed(failure),
    );
    await this.turn;
  }

  private async open(): Promise<Listener> {
    const { root, name: label, holder, clock, log, onClosed } = this.deps;
    const listener = await openListener({ root, holder, label, clock, log });
    listener.closed.addEventListener("abort", onClosed, { once: true });
    if (listener.closed.aborted) onClosed();
    return listener;
  }

  private note(write: (listener: Listener) => Promise<void>): void {
    const before = this.turn;
    this.turn = (async () => {
      await before;
      const listener = await this.opened.catch(() => undefined);
      if (listener === undefined) return;
      try {
        await write(listener);
      } catch (error) {
        // A full disk must not end a bot that works: the files then tell an older story, and the log says so.
        this.deps.log.error("the lifecycle files could not be written", { error });
      }
    })();
  }
}
