import type {
  AgentDriver,
  AgentEvent,
  AgentExit,
  AgentProcess,
  AgentStart,
  AgentState,
} from "../../../../../bots/main/agents/port.ts";

/** An agent that does what the test says. */
export class FakeAgent implements AgentProcess {
  readonly identity = undefined;
  readonly backgroundTasks = 0;
  readonly start: AgentStart;
  state: AgentState = "starting";
  stops = 0;
  private readonly listeners = new Set<(event: AgentEvent) => void>();

  constructor(start: AgentStart) {
    this.start = start;
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  ready(): void {
    this.state = "idle";
    this.tell({ kind: "ready" });
  }

  exit(cause: AgentExit["cause"]): void {
    this.state = "gone";
    this.tell({ kind: "exit", cause, code: 1, signal: null, detail: "it broke" });
  }

  subscribe(listener: (event: AgentEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  send(): void {
    this.state = "busy";
  }

  interrupt(): Promise<boolean> {
    return Promise.resolve(true);
  }

  answer(): boolean {
    return false;
  }

  stop() {
    this.stops += 1;
    if (this.state !== "gone") this.exit("stopped");
    return Promise.resolve({ root: "ended", swept: 0 } as const);
  }

  private tell(event: AgentEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

export class FakeDriver implements AgentDriver {
  readonly kind = "fake";
  readonly started: FakeAgent[] = [];
  lacks: string | undefined;

  get last(): FakeAgent {
    const last = this.started.at(-1);
    if (last === undefined) throw new Error("none was started");
    return last;
  }

  missing(): string | undefined {
    return this.lacks;
  }

  start(start: AgentStart): FakeAgent {
    const agent = new FakeAgent(start);
    this.started.push(agent);
    return agent;
  }
}
