import type { Clock } from "../../../../shared/clock.ts";
import type { AgentEvent } from "../../agents/port.ts";
import type { GrowingAnswer, SessionChat, TurnEnding, TurnFace } from "../ports.ts";
import type { StoredMessage } from "../queue/message-ledger.ts";
import type { SessionJournal } from "../queue/session-journal.ts";
import type { Pass } from "../scope/fence.ts";
import { AnswerText } from "./answer-text.ts";
import { type Stall, StallWatch } from "./stall-watch.ts";

/**
 * `opening`: being recorded, nothing has gone to the agent. `running`: the agent has it. `closing`: it has its ending,
 * which is being recorded and handed to the outbox. `over`: that is done, or it was undone.
 */
export type TurnPhase = "opening" | "running" | "closing" | "over";

export interface TurnParts {
  readonly number: number;
  readonly face: TurnFace;
  /** Empty: it began by itself. */
  readonly messages: readonly StoredMessage[];
  readonly pass: Pass;
  readonly chat: SessionChat;
  readonly journal: SessionJournal;
  readonly clock: Clock;
  readonly stallAfterMs: number;
  readonly onStall: (turn: Turn, stall: Stall) => void;
  /** When the agent last said anything at all, in monotonic milliseconds. */
  readonly lastSignMs: () => number;
}

/** How much of what was shown is noted: more than the messages of one answer hold. */
const notedLength = 40_000;

/** One prompt to one outcome. The first ending stays. */
export class Turn {
  readonly number: number;
  readonly messages: readonly StoredMessage[];
  private begunUnder: Pass;
  private readonly parts: TurnParts;
  private readonly growing: GrowingAnswer;
  private readonly answer = new AnswerText();
  private readonly stall: StallWatch;
  private current: TurnPhase = "opening";
  private ended: TurnEnding | undefined;
  private noted = "";

  constructor(parts: TurnParts) {
    this.parts = parts;
    this.number = parts.number;
    this.messages = parts.messages;
    this.begunUnder = parts.pass;
    this.growing = parts.chat.grow(parts.face, () => {
      this.noteShown();
    });
    const onStall = (stall: Stall): void => {
      parts.onStall(this, stall);
    };
    this.stall = new StallWatch(parts.clock, parts.stallAfterMs, onStall, parts.lastSignMs);
  }

  /** Under which it was begun, or goes on. */
  get pass(): Pass {
    return this.begunUnder;
  }

  renew(pass: Pass): void {
    this.begunUnder = pass;
  }

  get phase(): TurnPhase {
    return this.current;
  }

  get ending(): TurnEnding | undefined {
    return this.ended;
  }

  get shown(): string {
    return this.answer.text;
  }

  get activity(): string | undefined {
    return this.answer.activity;
  }

  sent(): void {
    if (this.current === "opening") this.current = "running";
  }

  hear(event: AgentEvent): void {
    this.stall.heard();
    if (!this.answer.take(event)) return;
    this.growing.update(this.answer.text, this.answer.activity);
  }

  /** Somebody is asked: the silence is theirs. */
  setAsking(isAsking: boolean): void {
    this.stall.setPaused(isAsking);
  }

  /** @returns false when it has an ending already; the first one stays */
  end(ending: TurnEnding): boolean {
    if (this.current === "closing" || this.current === "over") return false;
    this.current = "closing";
    this.ended = ending;
    this.stall.stop();
    return true;
  }

  /** Hands the ending to the outbox. @throws the system's error while the disk refuses */
  async deliver(): Promise<void> {
    if (this.ended !== undefined) await this.growing.finish(this.ended);
  }

  /** Nothing of it went to the agent, or the agent must forget it: its messages wait again. */
  undo(): void {
    this.stall.stop();
    this.growing.discard();
    this.current = "over";
  }

  /** The bot stops; the next life finds the turn in its journal. */
  leave(): void {
    this.stall.stop();
    this.noteShown();
    this.growing.leave();
    this.current = "over";
  }

  /** Its ending is with the outbox. */
  close(): void {
    this.current = "over";
  }

  /** So that the next life knows what the reader has seen, and can go on from there. */
  private noteShown(): void {
    const { journal, number } = this.parts;
    const text = this.answer.text.slice(-notedLength);
    if (text === "" || text === this.noted || this.current === "over") return;
    this.noted = text;
    journal.note({ t: "shown", turn: number, text });
  }
}
