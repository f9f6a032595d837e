import type { AgentEvent, AgentProcess, AgentStopReport } from "../agents/port.ts";

/** The process that never came to be, because nobody knows how to start it. */
export class AbsentAgent implements AgentProcess {
  readonly identity = undefined;
  readonly state = "gone";
  readonly backgroundTasks = 0;
  private readonly detail: string;

  constructor(detail: string) {
    this.detail = detail;
  }

  subscribe(listener: (event: AgentEvent) => void): () => void {
    const { detail } = this;
    const told = setImmediate(() => {
      listener({ kind: "exit", cause: "not_started", code: null, signal: null, detail });
    });
    return () => {
      clearImmediate(told);
    };
  }

  send(): void {
    throw new Error("this agent never came to be");
  }

  async interrupt(): Promise<boolean> {
    return false;
  }

  answer(): boolean {
    return false;
  }

  async stop(): Promise<AgentStopReport> {
    return { root: "gone", swept: 0 };
  }
}
