import type { SessionPlace } from "../ports.ts";
import { isInScope, type StopScope } from "./stop-receipt.ts";

interface PendingStop {
  readonly scope: StopScope;
  readonly order: number;
  readonly decided: Promise<void>;
}

/** Stops that were said and are not decided yet: what was sent after one of them waits, so that it is not stopped by it. */
export class PendingStops {
  private readonly stops = new Set<PendingStop>();

  /** @returns to be called when it is decided, or never will be */
  announce(scope: StopScope, order: number): () => void {
    let settle!: () => void;
    const decided = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const stop = { scope, order, decided };
    this.stops.add(stop);
    return () => {
      this.stops.delete(stop);
      settle();
    };
  }

  /** Whether a stop that was sent before this message is not decided yet; then the promise for it. */
  before(place: SessionPlace, order: number): Promise<void> | undefined {
    const stop = [...this.stops].find((each) => each.order < order && isInScope(place, each.scope));
    return stop?.decided;
  }
}
