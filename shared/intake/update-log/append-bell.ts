import type { Cancel } from "../../clock.ts";

/** How the writer of a process wakes the readers in the same process, without a way through the disk. */
export class AppendBell {
  private readonly listeners = new Set<() => void>();

  /** The owner of the listener calls what it gets back when it stops listening. */
  onRing(listener: () => void): Cancel {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  ring(): void {
    for (const listener of this.listeners) listener();
  }
}
