import type {
  AgentEvent,
  AgentExit,
  AgentMessage,
  AgentProcess,
  AgentReply,
  AgentState,
  AgentStopReport,
  TurnOutcome,
} from "../../../../../bots/main/agents/port.ts";
import type { AgentPlace, AgentProfile } from "../../../../../bots/main/sessions/ports.ts";
import { identifySelf } from "../../../../../shared/process/identity.ts";
import type { ManualClock } from "../../../../support/manual-clock.ts";

/** An agent that does what the test says, at the moment the test says. */
export class FakeAgent implements AgentProcess {
  readonly identity;
  readonly profile: AgentProfile;
  readonly where: AgentPlace;
  readonly sent: AgentMessage[] = [];
  readonly replies: [string, AgentReply][] = [];
  state: AgentState = "starting";
  backgroundTasks = 0;
  /** How it takes a word to stop: at once, after its clock says, or never. */
  interrupts: "obeys" | "ignores" = "obeys";
  stopTakesMs = 0;
  /** So many stops fail before one ends it. */
  vainStops = 0;
  interrupted = 0;
  private readonly clock: ManualClock;
  private readonly listeners = new Set<(event: AgentEvent) => void>();
  private stopped: Promise<AgentStopReport> | undefined;

  constructor(pid: number, profile: AgentProfile, where: AgentPlace, clock: ManualClock) {
    this.identity = { ...identifySelf(), pid };
    this.profile = profile;
    this.where = where;
    this.clock = clock;
  }

  get isAlive(): boolean {
    return this.state !== "gone";
  }

  subscribe(listener: (event: AgentEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: AgentEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  ready(resumeId?: string): void {
    if (this.state === "starting" && this.sent.length === 0) this.state = "idle";
    this.emit({ kind: "ready" });
    if (resumeId !== undefined) this.emit({ kind: "resume_id", resumeId });
  }

  send(message: AgentMessage): void {
    if (this.state !== "idle" && this.state !== "starting") throw new Error(`it is ${this.state}`);
    this.sent.push(message);
    this.state = "busy";
    queueMicrotask(() => {
      this.emit({ kind: "turn_start", selfStarted: false });
    });
  }

  startByItself(): void {
    this.state = "busy";
    this.emit({ kind: "turn_start", selfStarted: true });
  }

  say(text: string): void {
    this.emit({ kind: "text", text });
  }

  endTurn(text = "done", outcome: TurnOutcome = "completed", costUsd = 0.5): void {
    this.state = "idle";
    this.emit({ kind: "turn_end", outcome, text, costUsd, usage: undefined });
  }

  setBackground(tasks: readonly string[]): void {
    this.backgroundTasks = tasks.length;
    this.emit({ kind: "background", tasks });
  }

  async interrupt(withinMs: number): Promise<boolean> {
    this.interrupted += 1;
    if (this.interrupts === "obeys") {
      await Promise.resolve();
      if (this.state === "busy") this.endTurn("", "aborted");
      return this.isAlive;
    }
    await this.clock.sleep(withinMs);
    return false;
  }

  answer(requestId: string, reply: AgentReply): boolean {
    this.replies.push([requestId, reply]);
    return this.isAlive;
  }

  stop(_graceMs: number): Promise<AgentStopReport> {
    if (this.vainStops > 0) {
      this.vainStops -= 1;
      return Promise.reject(new Error("Process 1 does not end."));
    }
    this.stopped ??= this.end();
    return this.stopped;
  }

  exit(cause: AgentExit["cause"], detail = "", code: number | null = 1): void {
    if (this.state === "gone") return;
    this.state = "gone";
    this.emit({ kind: "exit", cause, code, signal: null, detail });
  }

  private async end(): Promise<AgentStopReport> {
    const wasGone = this.state === "gone";
    if (!wasGone) this.state = "stopping";
    if (this.stopTakesMs > 0) await this.clock.sleep(this.stopTakesMs);
    else await Promise.resolve();
    this.exit("stopped", "", 143);
    return { root: wasGone ? "gone" : "ended", swept: 0 };
  }
}
