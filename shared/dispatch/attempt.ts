import type { Clock } from "../clock.ts";

/** How one run of a handler ended. */
export type Ending =
  | { readonly kind: "handled" }
  | { readonly kind: "failed"; readonly error: unknown }
  /** It did not end in time and may still be running. */
  | { readonly kind: "stuck"; readonly error: Error }
  /** The bot stops. */
  | { readonly kind: "broken_off" };

export interface AttemptOptions {
  readonly clock: Clock;
  /** Aborts when the bot stops and cannot wait any longer. */
  readonly signal: AbortSignal;
  readonly slowAfterMs: number;
  readonly deadlineMs: number;
  readonly onSlow: () => void;
}

/** Made when it is first asked for: most handlers never do, and a signal costs more than all the rest of an attempt. */
type SignalSource = () => AbortSignal;

/**
 * Runs a handler and never waits longer than its deadline, whether it heeds its signal or not. What it still does
 * afterwards has no effect on the answer.
 */
export function attempt(
  handle: (ownSignal: SignalSource) => void | Promise<void>,
  options: AttemptOptions,
): Promise<Ending> {
  const { clock, signal, slowAfterMs, deadlineMs, onSlow } = options;
  let controller: AbortController | undefined;
  let givenUp: Error | undefined;
  const ownSignal = (): AbortSignal => {
    controller ??= new AbortController();
    if (givenUp !== undefined) controller.abort(givenUp);
    return controller.signal;
  };
  return new Promise((resolve) => {
    const end = (ending: Ending): void => {
      cancelSlow();
      cancelDeadline();
      signal.removeEventListener("abort", breakOff);
      resolve(ending);
    };
    const giveUp = (ending: Ending, reason: Error): void => {
      end(ending);
      givenUp = reason;
      controller?.abort(reason);
    };
    const breakOff = (): void => {
      giveUp({ kind: "broken_off" }, new Error("the bot stops", { cause: signal.reason }));
    };
    const cancelSlow = clock.schedule(slowAfterMs, onSlow);
    const cancelDeadline = clock.schedule(deadlineMs, () => {
      const error = new Error(`the handler did not end within ${deadlineMs / 1_000} s`);
      giveUp({ kind: "stuck", error }, error);
    });
    signal.addEventListener("abort", breakOff, { once: true });
    if (signal.aborted) {
      breakOff();
      return;
    }
    settled(handle, ownSignal).then(end, (error: unknown) => {
      end({ kind: "failed", error });
    });
  });
}

async function settled(
  handle: (ownSignal: SignalSource) => void | Promise<void>,
  ownSignal: SignalSource,
): Promise<Ending> {
  await handle(ownSignal);
  return { kind: "handled" };
}
