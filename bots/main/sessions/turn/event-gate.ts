import type { AgentEvent, AgentExit, AgentProcess } from "../../agents/port.ts";
import { conversationKey } from "../scope/conversation-key.ts";
import type { Pass } from "../scope/fence.ts";
import type { SessionParts } from "../session-parts.ts";
import { type RequestDesk, stoppedReply } from "./request-desk.ts";
import type { TurnRunner } from "./turn-runner.ts";

/** Leads what an agent says to turn and requests, if what it works on was begun after the last stop. */
export class EventGate {
  private readonly parts: SessionParts;
  private readonly id: string;
  private readonly turns: TurnRunner;
  private readonly desk: RequestDesk;
  /** Under which the agent's present work was begun. */
  private pass: Pass;

  constructor(parts: SessionParts, id: string, turns: TurnRunner, desk: RequestDesk) {
    this.parts = parts;
    this.id = id;
    this.turns = turns;
    this.desk = desk;
    this.pass = this.passNow();
  }

  /** What the agent does from here on is begun now. */
  renew(): void {
    this.pass = this.passNow();
  }

  /** The session is in another conversation: what was not stopped before falls under the stops there. */
  moved(): void {
    if (this.parts.fence.holds(this.pass)) this.renew();
  }

  heard(event: Exclude<AgentEvent, AgentExit>, process: AgentProcess): void {
    const isOfNow = this.parts.fence.through(this.pass, () => {
      this.lead(event, process);
    });
    // It would wait for ever.
    if (!isOfNow && event.kind === "request") process.answer(event.request.id, stoppedReply);
  }

  private lead(event: Exclude<AgentEvent, AgentExit>, process: AgentProcess): void {
    const { current } = this.turns;
    if (event.kind === "request") this.desk.ask(process, event.request, current?.number);
    else if (event.kind === "request_withdrawn") this.desk.withdraw(event.id);
    else if (event.kind === "turn_end") {
      const { outcome, text } = event;
      const words = text === "" && outcome === "completed" ? (current?.shown ?? "") : text;
      if (this.turns.end({ outcome, text: words })) this.desk.withdrawAll();
    } else this.turns.hear(event);
  }

  private passNow(): Pass {
    const { fence, store } = this.parts;
    return fence.pass(conversationKey(store.get(this.id).conversation));
  }
}
