import type { Log } from "../../../../shared/logger.ts";
import type { AgentEvent } from "../port.ts";

/** Who listens to one agent. A listener that fails is logged and keeps nothing from the others. */
export class Audience {
  private readonly log: Log;
  private readonly listeners = new Set<(event: AgentEvent) => void>();

  constructor(log: Log) {
    this.log = log;
  }

  add(listener: (event: AgentEvent) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  tell(event: AgentEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.log.error("a listener of an agent failed", { event: event.kind, error });
      }
    }
  }
}
