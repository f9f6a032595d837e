import type { AgentEvent, AgentExit, AgentProcess } from "../../agents/port.ts";
import { hasHistory, type SessionRecord, type SessionStatus } from "../record/session-record.ts";
import type { SessionParts } from "../session-parts.ts";
import { AgentLife, type AgentLifeOwner, type LifeEnd, type LifeState } from "./agent-life.ts";
import { IdleTimer } from "./idle-timer.ts";
import { ResumeCheck } from "./resume-check.ts";

export interface SessionAgentOwner {
  /** A turn runs, or its ending is being handed on. */
  readonly isBusy: boolean;
  /** Nobody needs the process at the moment: no turn, no message on its way, nobody asked. */
  readonly isUnused: boolean;
  /** Something changed that may let a turn begin. */
  pump(): void;
  heard(event: Exclude<AgentEvent, AgentExit>, process: AgentProcess): void;
  /** It ended by itself. */
  lost(exit: AgentExit): void;
  /** It was ended in vain; nothing is started until it is gone. */
  doesNotEnd(): void;
  /** Nothing of it is left, whoever ended it. */
  gone(): void;
  /** It did not go on where the session was; it must not work on. */
  historyLost(reason: string): void;
  resuming(idleMs: number): void;
}

/** The process of one session and its rest: started with its history, recorded, suspended when it has idled long enough. */
export class SessionAgent implements AgentLifeOwner {
  private readonly parts: SessionParts;
  private readonly id: string;
  private readonly owner: SessionAgentOwner;
  private readonly life: AgentLife;
  private readonly idle: IdleTimer;
  private readonly resume: ResumeCheck;
  private restingSince: number | undefined;
  /** How long the session had been idle when a message woke it. */
  private wokenAfterMs: number | undefined;
  /** A setting was changed that only a new process has. */
  private isOutdated = false;

  constructor(parts: SessionParts, id: string, owner: SessionAgentOwner) {
    const { clock, log, seats, store } = parts;
    this.parts = parts;
    this.id = id;
    this.owner = owner;
    this.life = new AgentLife(this, seats, clock, log);
    this.idle = new IdleTimer(clock, () => {
      this.idleTimeIsOver();
    });
    this.resume = new ResumeCheck(store, id);
  }

  get session(): string {
    return this.record.name;
  }

  get state(): LifeState {
    return this.life.state;
  }

  get process(): AgentProcess | undefined {
    return this.life.process;
  }

  /** @returns false when it has to wait for a seat */
  start(): boolean {
    return this.life.start();
  }

  cancelStart(): boolean {
    const wasWaiting = this.life.cancelStart();
    if (wasWaiting) {
      this.waitIsOver();
      this.wokenAfterMs = undefined;
    }
    return wasWaiting;
  }

  adopt(process: AgentProcess): void {
    this.life.adopt(process);
  }

  end(graceMs = this.parts.limits.stopGraceMs): Promise<LifeEnd> {
    return this.life.end(graceMs);
  }

  async close(graceMs: number): Promise<void> {
    this.wake();
    this.cancelStart();
    await this.end(graceMs);
    this.life.close();
  }

  /** The next turn needs a new process. */
  outdate(): void {
    this.isOutdated = this.life.state === "live";
  }

  /** The next start begins a new conversation, because a person said so. */
  forgetHistory(): void {
    this.resume.forget();
  }

  /** A message comes: what wakes the session, and after how long. */
  expectMessage(): void {
    if (this.process === undefined) {
      this.wokenAfterMs ??= this.parts.clock.now() - this.record.lastActiveAtMs;
    }
    this.touch();
  }

  /** Somebody cares: the time of idling begins anew. */
  touch(): void {
    const { clock, store } = this.parts;
    store.change(this.id, { lastActiveAtMs: clock.now() });
    if (this.idle.isArmed) this.idle.arm(this.record.idleTimeoutMs);
  }

  setIdleTimeout(idleTimeoutMs: number): void {
    this.parts.store.change(this.id, { idleTimeoutMs });
    if (this.idle.isArmed) this.idle.arm(idleTimeoutMs);
  }

  /** A turn takes the process. */
  wake(): void {
    this.idle.cancel();
    this.restingSince = undefined;
  }

  /** To be called when there is nothing to do: from now on it idles, if it does. */
  rest(): void {
    if (this.isOutdated && this.isIdle) {
      void this.end();
      return;
    }
    if (!this.canSuspend) return this.wake();
    this.restingSince ??= this.parts.clock.monotonic();
    if (!this.idle.isArmed) this.idle.arm(this.record.idleTimeoutMs);
    this.parts.seats.lookForRoom();
  }

  /** Whether a turn can be given to it at once. An outdated one ends first. */
  isReadyForTurn(): boolean {
    if (!this.isIdle) return false;
    if (!this.isOutdated) return true;
    void this.end();
    return false;
  }

  /** The state that the record shows. */
  saveState(): void {
    const { status } = this.record;
    const now = status === "archived" ? status : this.statusNow();
    if (now !== status) this.parts.store.change(this.id, { status: now });
  }

  // --- what the life asks and tells

  spawn(): AgentProcess {
    const { agents, clock } = this.parts;
    const { agent, persona, model, folder, lastActiveAtMs } = this.record;
    const resume = this.resume.plan();
    if (resume !== undefined)
      this.owner.resuming(this.wokenAfterMs ?? clock.now() - lastActiveAtMs);
    const profile = { agent, persona, ...(model === null ? {} : { model }) };
    const where = { sessionId: this.id, folderId: folder };
    return agents.start(profile, resume === undefined ? where : { ...where, resume });
  }

  becameLive(process: AgentProcess): void {
    this.waitIsOver();
    this.isOutdated = false;
    this.wokenAfterMs = undefined;
    this.noteProcess(process);
    this.owner.pump();
  }

  heard(event: Exclude<AgentEvent, AgentExit>): void {
    const { process } = this;
    if (process === undefined) return;
    if (event.kind === "ready") this.noteProcess(process);
    if (event.kind === "resume_id") {
      const reason = this.resume.learn(event.resumeId);
      if (reason !== undefined) this.owner.historyLost(reason);
      return;
    }
    if (event.kind === "turn_end") this.count(event.costUsd ?? 0);
    this.owner.heard(event, process);
    if (event.kind === "background" || event.kind === "turn_end") this.owner.pump();
  }

  lost(exit: AgentExit): void {
    this.waitIsOver();
    this.wake();
    this.owner.lost(exit);
  }

  doesNotEnd(): void {
    this.owner.doesNotEnd();
  }

  becameFree(): void {
    this.wake();
    this.isOutdated = false;
    this.parts.store.change(this.id, { process: null });
    this.owner.gone();
    this.saveState();
    this.owner.pump();
  }

  restingSinceMs(): number | undefined {
    return this.canSuspend ? this.restingSince : undefined;
  }

  roomWanted(): void {
    void this.suspend("to make room for another session");
  }

  /** It has a seat, or wants none any more. */
  private waitIsOver(): void {
    this.parts.chat.passed(this.id, "waiting_for_seat");
  }

  private idleTimeIsOver(): void {
    if (this.canSuspend) {
      void this.suspend("after idle timeout");
      return;
    }
    const { log } = this.parts;
    log.info("The idle time of a busy session was over; it begins anew.", {
      session: this.session,
    });
    this.idle.arm(this.record.idleTimeoutMs);
  }

  private async suspend(why: string): Promise<void> {
    this.wake();
    const { isGone } = await this.end();
    if (isGone) this.parts.log.info(`Session '${this.session}' suspended ${why}`);
  }

  private get record(): SessionRecord {
    return this.parts.store.get(this.id);
  }

  private get isIdle(): boolean {
    const state = this.process?.state;
    return state === "idle" || state === "starting";
  }

  private get canSuspend(): boolean {
    return this.owner.isUnused && this.isIdle && this.process?.backgroundTasks === 0;
  }

  private statusNow(): SessionStatus {
    if (this.life.process !== undefined) return this.owner.isBusy ? "active" : "idle";
    return hasHistory(this.record) ? "suspended" : "created";
  }

  private count(costUsd: number): void {
    const { turns, costUsd: before } = this.record;
    this.parts.store.change(this.id, { turns: turns + 1, costUsd: before + costUsd });
  }

  private noteProcess({ identity }: AgentProcess): void {
    const { store, commandLineOf } = this.parts;
    const process =
      identity === undefined ? null : { identity, commandLine: commandLineOf(identity.pid) };
    store.change(this.id, { process });
    this.saveState();
  }
}
