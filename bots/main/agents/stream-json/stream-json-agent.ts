import type { Cancel, Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import type { ProcessIdentity } from "../../../../shared/process/identity.ts";
import type {
  AgentEvent,
  AgentExit,
  AgentMessage,
  AgentProcess,
  AgentReply,
  AgentState,
  AgentStopReport,
} from "../port.ts";
import { AgentChild, type AgentChildEnd, type AgentProgram } from "../process/agent-child.ts";
import type { StartGate } from "../process/start-gate.ts";
import { Audience } from "./audience.ts";
import { BackgroundTasks } from "./background-tasks.ts";
import { decodeLine } from "./decoding/decode.ts";
import type { Line, TurnResult } from "./decoding/line.ts";
import { EndOfTurn } from "./end-of-turn.ts";
import { exitOf, neverStarted } from "./exit.ts";
import type { IgnoredLines } from "./ignored-lines.ts";
import { initializeLine, interruptLine, permissionLine, refusalLine, userLine } from "./input.ts";
import { OpenRequests } from "./open-requests.ts";
import { Turn } from "./turn.ts";

export interface StreamJsonStart {
  readonly program: AgentProgram;
  readonly systemPrompt: string | undefined;
  /** Whether it was asked to go on with an earlier conversation. */
  readonly resumes: boolean;
}

export interface StreamJsonDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: StartGate;
  readonly ignored: IgnoredLines;
}

/** Facts about the CLI: after a result a queued turn of ours would begin within about a second. */
const heldResultMs = 1_000;
/** One that says nothing for so long no longer keeps the others from starting. */
const startPlaceMs = 15_000;
/** After "no such conversation" the CLI ends by itself at once. */
const refusedGraceMs = 1_000;
const initializeId = "initialize";

type Phase = "starting" | "ready" | "stopping" | "gone";

/** An agent that speaks stream-json, from its spawn to the sweep behind it: lines in, events out. */
export class StreamJsonAgent implements AgentProcess {
  lastHeardMs: number;
  private readonly start: StreamJsonStart;
  private readonly deps: StreamJsonDeps;
  private readonly turn = new Turn();
  private readonly requests = new OpenRequests();
  private readonly background = new BackgroundTasks();
  private readonly audience: Audience;
  private readonly endOfTurn: EndOfTurn;
  private readonly leaveGate: () => void;
  private cancelStartPlace: Cancel = () => undefined;
  private cancelHeldResult: Cancel = () => undefined;
  private phase: Phase = "starting";
  private child: AgentChild | undefined;
  private firstMessage: AgentMessage | undefined;
  private resumeId: string | undefined;
  private interrupts = 0;
  private cause: "stopped" | "resume_failed" | undefined;
  private refusal = "";

  constructor(start: StreamJsonStart, deps: StreamJsonDeps) {
    this.start = start;
    this.deps = deps;
    this.lastHeardMs = deps.clock.monotonic();
    this.audience = new Audience(deps.log);
    this.endOfTurn = new EndOfTurn(deps.clock);
    this.leaveGate = deps.gate.enter(() => {
      this.spawn();
    });
  }

  get identity(): ProcessIdentity | undefined {
    return this.child?.identity;
  }

  get backgroundTasks(): number {
    return this.background.descriptions.length;
  }

  get state(): AgentState {
    if (this.phase === "gone" || this.phase === "stopping") return this.phase;
    if (this.firstMessage !== undefined || !this.turn.isIdle) return "busy";
    return this.phase === "ready" ? "idle" : "starting";
  }

  subscribe(listener: (event: AgentEvent) => void): () => void {
    return this.audience.add(listener);
  }

  send(message: AgentMessage): void {
    if (this.state !== "idle" && this.state !== "starting")
      throw new Error(`a message was sent to an agent that is ${this.state}`);
    if (this.phase === "starting") this.firstMessage = message;
    else this.write(message);
  }

  async interrupt(withinMs: number): Promise<boolean> {
    if (this.phase === "stopping" || this.phase === "gone") return false;
    if (this.firstMessage !== undefined) {
      this.firstMessage = undefined;
      this.tell([...this.turn.written(), ...this.turn.withdrawn()]);
      return true;
    }
    if (this.turn.isIdle) return true;
    this.interrupts += 1;
    this.turn.interrupted();
    this.child?.write(interruptLine(`interrupt-${this.interrupts}`));
    const isOver = this.endOfTurn.within(withinMs);
    // The end of an earlier turn may be known and be ours as well.
    this.tell(this.turn.release());
    return isOver;
  }

  answer(requestId: string, reply: AgentReply): boolean {
    const permission = this.requests.answer(requestId, reply);
    if (permission === undefined) return false;
    this.child?.write(permissionLine(requestId, permission));
    return true;
  }

  async stop(graceMs: number): Promise<AgentStopReport> {
    if (this.phase !== "gone") this.phase = "stopping";
    this.cause ??= "stopped";
    if (this.child !== undefined) return this.child.stop(graceMs);
    // It still waited for its start.
    this.leaveGate();
    await new Promise((resolve) => setImmediate(resolve));
    this.gone(exitOf(neverStarted, this.cause, ""));
    return { root: "gone", swept: 0 };
  }

  private spawn(): void {
    const { clock, log } = this.deps;
    this.cancelStartPlace = clock.schedule(startPlaceMs, () => {
      this.leaveGate();
    });
    const events = {
      line: (text: string): void => {
        this.lastHeardMs = clock.monotonic();
        for (const line of decodeLine(text)) this.take(line);
      },
      ended: (end: AgentChildEnd): void => {
        this.ended(end);
      },
    };
    this.child = new AgentChild(this.start.program, events, clock, log);
    this.child.write(initializeLine(initializeId, this.start.systemPrompt));
  }

  private take(line: Line): void {
    switch (line.kind) {
      case "init":
        this.becomeReady();
        this.learnResumeId(line.sessionId);
        this.hear(true);
        break;
      case "activity":
        this.hear(false);
        break;
      case "partial":
      case "text":
      case "tool":
      case "tool_end":
        if (line.kind !== "tool_end") this.hear(false);
        if (!this.turn.isLate) this.tell([line]);
        break;
      case "result":
        this.takeResult(line.result);
        break;
      case "ask":
        this.requests.add(line.request, line.input);
        this.tell([{ kind: "request", request: line.request }]);
        break;
      case "foreign_request":
        this.child?.write(refusalLine(line.id, line.subtype));
        this.ignore(`control_request/${line.subtype}`);
        break;
      case "withdrawn":
        if (this.requests.withdraw(line.id))
          this.tell([{ kind: "request_withdrawn", id: line.id }]);
        break;
      case "answered":
        if (line.id === initializeId) this.becomeReady();
        if (line.error !== undefined) this.ignore(`refusal of ${line.id}: ${line.error}`);
        break;
      case "retry":
        this.tell([{ kind: "retrying", attempt: line.attempt, error: line.error }]);
        break;
      case "tasks":
      case "task_started":
      case "task_ended":
        if (this.background.take(line)) this.tellBackground();
        break;
      case "session_idle":
        this.tell(this.turn.sessionIdle());
        break;
      case "unknown":
        this.ignore(line.label);
        break;
      case "broken":
        this.ignore("no JSON");
        break;
    }
  }

  private takeResult(result: TurnResult): void {
    const isResumeFailure =
      this.start.resumes &&
      this.resumeId === undefined &&
      this.interrupts === 0 &&
      result.verdict === "error";
    if (isResumeFailure) {
      this.cause ??= "resume_failed";
      this.refusal = result.text;
      this.child?.stop(refusedGraceMs).catch((error: unknown) => {
        this.deps.log.error("an agent does not end", { error: errorMessage(error) });
      });
      return;
    }
    this.tell(this.turn.ended(result));
    this.cancelHeldResult();
    if (!this.turn.isHeld) return;
    this.cancelHeldResult = this.deps.clock.schedule(heldResultMs, () => {
      this.tell(this.turn.release());
    });
  }

  private hear(isInit: boolean): void {
    this.tell(this.turn.heard(isInit));
    if (!this.turn.isHeld) this.cancelHeldResult();
  }

  private becomeReady(): void {
    if (this.phase !== "starting") return;
    this.phase = "ready";
    this.leaveGate();
    this.cancelStartPlace();
    this.tell([{ kind: "ready" }]);
    const message = this.firstMessage;
    this.firstMessage = undefined;
    if (message !== undefined) this.write(message);
  }

  private learnResumeId(resumeId: string | undefined): void {
    if (resumeId === undefined || resumeId === this.resumeId) return;
    this.resumeId = resumeId;
    this.tell([{ kind: "resume_id", resumeId }]);
  }

  private write(message: AgentMessage): void {
    this.child?.write(userLine(message));
    this.tell(this.turn.written());
  }

  private ignore(kind: string): void {
    if (this.deps.ignored.note(kind))
      this.deps.log.debug("the agent said what we do not know", { kind });
  }

  private tellBackground(): void {
    this.tell([{ kind: "background", tasks: this.background.descriptions }]);
  }

  private ended(end: AgentChildEnd): void {
    this.gone(exitOf(end, this.cause, this.refusal));
  }

  /** Nothing of it is left: everything that waits hears so, the exit last. */
  private gone(exit: AgentExit): void {
    if (this.phase === "gone") return;
    this.phase = "gone";
    this.firstMessage = undefined;
    this.leaveGate();
    this.cancelStartPlace();
    this.cancelHeldResult();
    this.endOfTurn.settle(false);
    this.tell(this.requests.withdrawAll().map((id) => ({ kind: "request_withdrawn", id })));
    if (this.background.take({ kind: "tasks", tasks: [] })) this.tellBackground();
    this.tell([exit]);
  }

  private tell(events: readonly AgentEvent[]): void {
    for (const event of events) {
      this.audience.tell(event);
      if (event.kind === "turn_end") this.endOfTurn.settle(true);
    }
  }
}
