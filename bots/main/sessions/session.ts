import type { AgentEvent, AgentExit, AgentProcess, AgentReply } from "../agents/port.ts";
import { SessionAgent, type SessionAgentOwner } from "./life/session-agent.ts";
import type { RequestState, Sent } from "./queue/journal-line.ts";
import type { StoredMessage } from "./queue/message-ledger.ts";
import { SessionQueue } from "./queue/session-queue.ts";
import type { SessionRecord } from "./record/session-record.ts";
import { SessionStops } from "./scope/session-stops.ts";
import type { SessionParts } from "./session-parts.ts";
import { SessionVoice } from "./session-voice.ts";
import { BurstWait } from "./turn/burst-wait.ts";
import { EventGate } from "./turn/event-gate.ts";
import { exitWords } from "./turn/exit-words.ts";
import { RequestDesk } from "./turn/request-desk.ts";
import { TurnHold } from "./turn/turn-hold.ts";
import { TurnRunner, type TurnRunnerOwner } from "./turn/turn-runner.ts";

const diskPauseMs = 2_000;

/**
 * One session: its queue, its process, its turns. Decisions are made in one step of the event loop by {@link pump}, from
 * what is so at that moment; whatever takes time comes back and asks again. That is the session's lock: a stop, a timer
 * and a message at the same moment have one order.
 */
export class Session implements SessionAgentOwner, TurnRunnerOwner {
  readonly id: string;
  readonly stops: SessionStops;
  private readonly parts: SessionParts;
  private readonly queue: SessionQueue;
  private readonly voice: SessionVoice;
  private readonly agent: SessionAgent;
  private readonly turns: TurnRunner;
  private readonly desk: RequestDesk;
  readonly gate: EventGate;
  private readonly hold: TurnHold;
  private readonly burst: BurstWait;

  constructor(parts: SessionParts, id: string) {
    this.parts = parts;
    this.id = id;
    const pump = this.pump.bind(this);
    this.hold = new TurnHold(parts.clock, pump);
    this.burst = new BurstWait(parts.clock, parts.limits.burstMs, pump);
    this.queue = new SessionQueue(parts, id);
    this.voice = new SessionVoice(parts, id);
    this.agent = new SessionAgent(parts, id, this);
    this.turns = new TurnRunner(parts, this.voice, this);
    this.desk = new RequestDesk(parts, id, this.voice, () => {
      this.turns.current?.setAsking(this.desk.openCount > 0);
      this.pump();
    });
    this.gate = new EventGate(parts, id, this.turns, this.desk);
    const { queue, agent, turns, desk, gate, hold } = this;
    this.stops = new SessionStops({ parts, id, queue, agent, turns, desk, gate, hold, pump });
  }

  record(): SessionRecord {
    return this.parts.store.get(this.id);
  }

  /** Undefined where none lives, really. */
  get process(): AgentProcess | undefined {
    return this.agent.process;
  }

  get isBusy(): boolean {
    return this.turns.current !== undefined;
  }

  /** The number of the turn that has no ending yet. */
  get openTurn(): number | undefined {
    return this.turns.isOpen ? this.turns.current?.number : undefined;
  }

  get isUnused(): boolean {
    return !this.isBusy && !this.burst.isExpecting && this.desk.openCount === 0;
  }

  /** Whether a person must say how to go on. */
  get isBlocked(): boolean {
    return this.hold.state === "blocked";
  }

  get waiting(): readonly StoredMessage[] {
    return this.queue.waiting;
  }

  // --- the queue

  /** A message is on its way: the session does not go to sleep now. @returns to be called when it came, or will not */
  expect(sent: Sent | undefined): () => void {
    const came = this.burst.expect(sent);
    this.agent.expectMessage();
    return () => {
      came();
      this.pump();
    };
  }

  /** A message is safe in the queue. A piece waits for the others. */
  arrived(isPiece: boolean): void {
    this.hold.release("undecided");
    if (isPiece) this.burst.renew();
    this.pump();
  }

  /** The start of the bot: what waits goes on. Of a message in pieces some may still be with Telegram. */
  begin(): void {
    this.burst.renew();
    this.pump();
  }

  /** Takes one message out of the queue. @returns false when it does not wait any more */
  async cancel(seq: number): Promise<boolean> {
    const isCancelled = await this.queue.cancel(seq);
    this.pump();
    return isCancelled;
  }

  /** What a person said about a history that could not be resumed. @returns false when nothing was to be said */
  decide(wish: "retry" | "fresh"): boolean {
    if (!this.hold.release("blocked")) return false;
    if (wish === "fresh") this.agent.forgetHistory();
    this.pump();
    return true;
  }

  /** The start of the bot found a turn interrupted: what waits behind it waits on, until a person says something. */
  holdUndecided(): void {
    this.hold.become("undecided");
  }

  /** What a person said about an interrupted turn. @returns false when that was settled before */
  async decideInterrupted(turn: number, wish: "resume" | "discard"): Promise<boolean> {
    const settled = this.queue.settleInterrupted(turn, wish);
    if (settled === undefined) return false;
    this.agent.expectMessage();
    await settled;
    this.hold.release("undecided");
    this.pump();
    return true;
  }

  /** @returns how the request stands now */
  answer(request: string, reply: AgentReply): RequestState {
    this.agent.touch();
    return this.desk.answer(request, reply);
  }

  // --- orders

  /** @returns when it counts */
  setModel(model: string | null): "now" | "after_turn" {
    this.parts.store.change(this.id, { model });
    this.agent.outdate();
    this.pump();
    return this.isBusy ? "after_turn" : "now";
  }

  setIdleTimeout(idleTimeoutMs: number): void {
    this.agent.setIdleTimeout(idleTimeoutMs);
  }

  touch(): void {
    this.agent.touch();
  }

  /** A process that was prepared ahead. Only while a seat is free. */
  adopt(process: AgentProcess): void {
    this.agent.adopt(process);
  }

  /** Nothing begins any more. An open turn stays in the journal. Resolves when its process is gone. */
  async close(graceMs: number): Promise<void> {
    this.hold.become("closed");
    this.burst.close();
    this.turns.leave();
    await this.agent.close(graceMs);
  }

  // --- what its process and its turns tell

  pump(): void {
    if (this.hold.state !== "none" || this.isBusy) return;
    if (this.burst.holds(this.waiting)) return;
    const messages = this.queue.next;
    if (messages.length === 0) {
      this.agent.cancelStart();
      this.agent.rest();
      return;
    }
    const { state, process } = this.agent;
    if (state === "none") {
      if (!this.agent.start()) this.voice.waitingForSeat();
    } else if (process !== undefined && this.agent.isReadyForTurn()) {
      this.agent.wake();
      this.turns.begin(messages, process);
      this.agent.saveState();
    }
  }

  heard(event: Exclude<AgentEvent, AgentExit>, process: AgentProcess): void {
    if (event.kind === "turn_start" && event.selfStarted) {
      this.agent.wake();
      this.gate.renew();
      this.turns.beginOwn();
      this.agent.saveState();
    }
    this.gate.heard(event, process);
  }

  lost(exit: AgentExit): void {
    const { agents, log } = this.parts;
    const { name, agent, persona } = this.record();
    this.desk.withdrawAll();
    // It may have been gone before the first turn could be given to it. What still waits for its pieces gets another one.
    const isReady = this.waiting.length > 0 && !this.burst.holds(this.waiting);
    const isWanted = this.turns.isOpen || (!this.isBusy && this.hold.isLoose && isReady);
    if (!isWanted) {
      log.warn("An agent ended by itself.", { session: name, cause: exit.cause, code: exit.code });
      return;
    }
    if (exit.cause === "resume_failed") return this.historyLost(exit.detail);
    const text = exitWords(agent, exit, agents.missing({ agent, persona }));
    if (this.turns.isOpen) this.turns.end({ outcome: "failed", text });
    else this.turns.fail(this.queue.next, text);
  }

  doesNotEnd(): void {
    if (this.hold.state !== "closed") this.voice.doesNotEnd();
  }

  /** Nothing of its process is left. A turn that it had begun by itself in its last moment goes with it. */
  gone(): void {
    if (this.hold.state === "closed") return;
    if (this.turns.current?.phase === "opening") this.turns.undo();
    else this.turns.end({ outcome: "aborted", text: "" });
  }

  historyLost(reason: string): void {
    this.turns.undo();
    if (this.hold.isLoose) {
      this.hold.become("blocked");
      this.voice.resumeFailed(reason, this.waiting.length);
    }
    void this.agent.end();
  }

  resuming(idleMs: number): void {
    this.voice.resuming(idleMs);
  }

  turnIsSent(): void {
    this.gate.renew();
  }

  turnIsOver(): void {
    if (this.hold.state !== "closed") this.agent.touch();
    this.agent.saveState();
    this.pump();
  }

  couldNotBegin(): void {
    this.hold.pause(diskPauseMs);
    this.agent.saveState();
  }
}
