import type { Cancel, Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import { redact } from "../../../../shared/redact.ts";
import type { AgentEvent, AgentExit, AgentProcess } from "../../agents/port.ts";
import type { SeatHolder, Seats } from "./seats.ts";

/** `waiting`: for a seat. `ending`: until the process and its tools are seen gone. */
export type LifeState = "none" | "waiting" | "live" | "ending";

export interface AgentLifeOwner {
  readonly session: string;
  /** Called when a seat is there: starts the process. */
  spawn(): AgentProcess;
  /** The process lives; a turn may be given to it. */
  becameLive(process: AgentProcess): void;
  heard(event: Exclude<AgentEvent, AgentExit>): void;
  /** It ended, and not because we ended it; what it left is being swept. */
  lost(exit: AgentExit): void;
  /** It was ended in vain; it is tried again until it is gone. Told once. */
  doesNotEnd(): void;
  /** Nothing of it is left: another one may be started. */
  becameFree(): void;
  restingSinceMs(): number | undefined;
  roomWanted(): void;
}

/** What became of a process that was ended. */
export interface LifeEnd {
  readonly root: "gone" | "ended" | "killed";
  readonly swept: number;
  /** False: something of it does not end; it is tried again, and nothing is started meanwhile. */
  readonly isGone: boolean;
}

const tryAgainMs = 5_000;
const nothingThere: LifeEnd = { root: "gone", swept: 0, isGone: true };

/** The process of one session: never two at a time, because the next one starts only from `none`. */
export class AgentLife implements SeatHolder {
  private readonly owner: AgentLifeOwner;
  private readonly seats: Seats;
  private readonly clock: Clock;
  private readonly log: Log;
  private current: LifeState = "none";
  private agent: AgentProcess | undefined;
  private ending: Promise<LifeEnd> | undefined;
  private cancelRetry: Cancel | undefined;
  private isEndless = false;

  constructor(owner: AgentLifeOwner, seats: Seats, clock: Clock, log: Log) {
    this.owner = owner;
    this.seats = seats;
    this.clock = clock;
    this.log = log;
  }

  get state(): LifeState {
    return this.current;
  }

  /** Only while it is `live`. */
  get process(): AgentProcess | undefined {
    return this.current === "live" ? this.agent : undefined;
  }

  /** @returns false when it has to wait for a seat */
  start(): boolean {
    if (this.current !== "none") throw new Error(`an agent that is ${this.current} cannot start`);
    this.become("waiting");
    return this.seats.take(this);
  }

  /** Takes a process that lives already. Only while nothing is there and a seat is free. */
  adopt(process: AgentProcess): void {
    if (this.current !== "none") throw new Error(`an agent that is ${this.current} cannot be had`);
    this.agent = process;
    this.become("waiting");
    this.seats.take(this);
  }

  /** Gives up the wait for a seat. @returns whether it was waiting */
  cancelStart(): boolean {
    if (this.current !== "waiting") return false;
    this.seats.leave(this);
    this.become("none");
    return true;
  }

  /** SIGTERM, `graceMs`, SIGKILL, sweep. Resolves when nothing is left, or when something of it will not end. */
  end(graceMs: number): Promise<LifeEnd> {
    if (this.current === "live" && this.agent !== undefined) this.finish(this.agent, graceMs);
    return this.ending ?? Promise.resolve(nothingThere);
  }

  /** Whatever still does not end is left to the next start. */
  close(): void {
    this.cancelRetry?.();
  }

  get restingSinceMs(): number | undefined {
    return this.owner.restingSinceMs();
  }

  seated(): void {
    const process = this.agent ?? this.spawned();
    if (process === undefined) return;
    this.agent = process;
    this.become("live");
    process.subscribe((event) => {
      if (this.agent !== process || this.current !== "live") return;
      if (event.kind !== "exit") return this.owner.heard(event);
      // Its tools may have outlived it.
      this.finish(process, 0);
      this.owner.lost(event);
    });
    this.owner.becameLive(process);
  }

  makeRoom(): void {
    this.owner.roomWanted();
  }

  /** @returns undefined where the start threw: as if the process had been lost at once, so that the seat is given back */
  private spawned(): AgentProcess | undefined {
    try {
      return this.owner.spawn();
    } catch (error) {
      const detail = redact(errorMessage(error));
      this.log.error("An agent could not be started.", {
        session: this.owner.session,
        cause: detail,
      });
      this.become("ending");
      this.ending = Promise.resolve(nothingThere).then((end) => {
        this.free();
        return end;
      });
      this.owner.lost({ kind: "exit", cause: "not_started", code: null, signal: null, detail });
      return undefined;
    }
  }

  private finish(process: AgentProcess, graceMs: number): void {
    this.become("ending");
    this.ending = this.stop(process, graceMs).then((end) => {
      if (end.isGone) this.free();
      return end;
    });
  }

  private async stop(process: AgentProcess, graceMs: number): Promise<LifeEnd> {
    try {
      const { root, swept } = await process.stop(graceMs);
      return { root, swept, isGone: true };
    } catch (error) {
      const facts = { session: this.owner.session, cause: errorMessage(error) };
      this.log.error("An agent does not end; its session waits until it has.", facts);
      this.cancelRetry = this.clock.schedule(tryAgainMs, () => {
        this.finish(process, 0);
      });
      if (!this.isEndless) this.owner.doesNotEnd();
      this.isEndless = true;
      return { root: "killed", swept: 0, isGone: false };
    }
  }

  private free(): void {
    this.agent = undefined;
    this.ending = undefined;
    this.isEndless = false;
    this.become("none");
    this.seats.leave(this);
    this.owner.becameFree();
  }

  private become(state: LifeState): void {
    if (state === this.current) return;
    this.log.debug("agent", { session: this.owner.session, from: this.current, to: state });
    this.current = state;
  }
}
