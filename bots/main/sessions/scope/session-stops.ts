import type { SessionAgent } from "../life/session-agent.ts";
import type { CancelReason } from "../queue/journal-line.ts";
import type { SessionQueue } from "../queue/session-queue.ts";
import type { SessionParts } from "../session-parts.ts";
import { settledWithin } from "../settled-within.ts";
import type { EventGate } from "../turn/event-gate.ts";
import type { RequestDesk } from "../turn/request-desk.ts";
import type { TurnHold } from "../turn/turn-hold.ts";
import type { TurnRunner } from "../turn/turn-runner.ts";
import {
  type ProcessStop,
  type SessionStop,
  SessionStopper,
  type StopOptions,
} from "./session-stop.ts";

/** A stop does not wait longer for the words of an ending: a full disk may keep them back for hours. */
const endingWordsMs = 2_000;

export interface SessionStopsParts {
  readonly parts: SessionParts;
  readonly id: string;
  readonly queue: SessionQueue;
  readonly agent: SessionAgent;
  readonly turns: TurnRunner;
  readonly desk: RequestDesk;
  readonly gate: EventGate;
  readonly hold: TurnHold;
  readonly pump: () => void;
}

/** The stops of one session: what each of them means, decided in one step of the event loop, and what it did. */
export class SessionStops {
  private readonly session: SessionStopsParts;
  private readonly stopper: SessionStopper;
  private stopping: Promise<ProcessStop> | undefined;

  constructor(session: SessionStopsParts) {
    this.session = session;
    this.stopper = new SessionStopper({ ...session.parts, agent: session.agent });
  }

  /** Whether a stop would end anything, or has one at work to wait for. */
  hasWork({ endsBackground, isLater }: Omit<StopOptions, "token">): boolean {
    const { agent, turns, desk, queue } = this.session;
    const isWanted = turns.isOpen || desk.openCount > 0 || agent.state === "waiting";
    return (
      this.stopping !== undefined ||
      (isWanted && !this.isAtLater(isLater)) ||
      !queue.waiting.every(isLater) ||
      (endsBackground && (agent.process?.backgroundTasks ?? 0) > 0)
    );
  }

  /** What the session does goes on, although something else in its conversation was stopped. */
  goOn(): void {
    const { agent, turns, gate } = this.session;
    if (turns.isOpen || (agent.process?.backgroundTasks ?? 0) > 0) gate.renew();
    turns.renew();
  }

  /** All decisions are made before the promise is returned; a turn that has its ending already keeps it. */
  async stop(options: StopOptions, why: CancelReason): Promise<SessionStop> {
    const { parts, id, queue, agent, turns, desk, gate, hold, pump } = this.session;
    const cancelled = queue.waiting.filter((message) => !options.isLater(message));
    const goesOn = this.isAtLater(options.isLater);
    const recorded = queue.cancelAll(cancelled, why, options.token);
    hold.become("stopping");
    const hadTurn = turns.isOpen && !goesOn;
    if (hadTurn) turns.end({ outcome: "aborted", text: turns.current?.shown ?? "" });
    if (goesOn) this.goOn();
    else desk.denyAll();
    const facts = { hadTurn, hadWaited: !goesOn && agent.cancelStart() };
    const work = this.stopper.run(facts, options, this.stopping);
    this.stopping = work;
    try {
      const told = settledWithin(turns.concluded, endingWordsMs, parts.clock);
      const [done] = await Promise.all([work, recorded, told]);
      return { ...done, sessionId: id, session: parts.store.get(id).name, cancelled };
    } finally {
      if (this.stopping === work) {
        this.stopping = undefined;
        hold.release("stopping");
        // Background work of an agent that was kept may ask; without any, what it says is still of the stopped turn.
        if ((agent.process?.backgroundTasks ?? 0) > 0) gate.renew();
        pump();
      }
    }
  }

  /** Whether it works, or waits for a seat, for messages that a stop does not mean. */
  private isAtLater(isLater: StopOptions["isLater"]): boolean {
    const { turns, queue } = this.session;
    const messages = turns.isOpen ? (turns.current?.messages ?? []) : queue.waiting;
    return messages.length > 0 && messages.every(isLater);
  }
}
