import { errorMessage } from "../../../../shared/errors.ts";
import { untilStorageWorks } from "../../../../shared/storage/patience.ts";
import type { AgentEvent, AgentMessage, AgentProcess } from "../../agents/port.ts";
import type { TurnEnding } from "../ports.ts";
import { updatesOf } from "../queue/behalf.ts";
import type { StoredMessage } from "../queue/message-ledger.ts";
import { composePrompt } from "../queue/prompt.ts";
import type { SessionRecord } from "../record/session-record.ts";
import { conversationKey } from "../scope/conversation-key.ts";
import type { SessionParts } from "../session-parts.ts";
import type { SessionVoice } from "../session-voice.ts";
import type { Stall } from "./stall-watch.ts";
import { Turn } from "./turn.ts";

export interface TurnRunnerOwner {
  record(): SessionRecord;
  readonly process: AgentProcess | undefined;
  /** What the process says from now on is of this turn. */
  turnIsSent(): void;
  /** The turn is over, or was undone: its process may get another one. */
  turnIsOver(): void;
  /** Nothing could be begun; the messages wait again. */
  couldNotBegin(): void;
}

/** The turns of one session, one at a time: recorded, sent, shown, ended once, handed to the outbox. */
export class TurnRunner {
  private readonly parts: SessionParts;
  private readonly owner: TurnRunnerOwner;
  private readonly voice: SessionVoice;
  private turn: Turn | undefined;
  private concluding: Promise<void> = Promise.resolve();

  constructor(parts: SessionParts, voice: SessionVoice, owner: TurnRunnerOwner) {
    this.parts = parts;
    this.voice = voice;
    this.owner = owner;
  }

  get current(): Turn | undefined {
    return this.turn;
  }

  /** Whether there is one that has no ending yet. */
  get isOpen(): boolean {
    return this.turn?.phase === "opening" || this.turn?.phase === "running";
  }

  /** Resolves when the last ending is with the outbox. */
  get concluded(): Promise<void> {
    return this.concluding;
  }

  /** A turn of messages that wait; they are taken from now on. */
  begin(messages: readonly StoredMessage[], process: AgentProcess): void {
    const turn = this.open(messages);
    const { journal, chat, files } = this.parts;
    const { conversation, folder } = this.owner.record();
    const recorded = journal.write(this.beganLine(turn, process));
    for (const { seq } of messages) chat.left(conversation, seq, "taken");
    void this.send(turn, process, recorded, composePrompt(messages, folder, files));
  }

  /** A turn that ends as it begins: there is nobody who could take it. */
  fail(messages: readonly StoredMessage[], text: string): void {
    const turn = this.open(messages);
    this.parts.journal.note(this.beganLine(turn));
    this.end({ outcome: "failed", text });
  }

  /**
   * The agent began by itself, because background work ended. One of ours that had not gone to it yet waits; one whose
   * ending is still being told is followed by this one.
   */
  beginOwn(): void {
    if (this.turn?.phase === "opening") this.undo();
    if (this.turn?.phase === "running") return;
    const turn = this.open([]);
    this.parts.journal.note(this.beganLine(turn, this.owner.process));
    turn.sent();
  }

  hear(event: AgentEvent): void {
    const { turn } = this;
    if (turn?.phase === "running") turn.hear(event);
  }

  /** The first ending stays. @returns whether this one was it */
  end(ending: TurnEnding): boolean {
    const { turn } = this;
    if (turn === undefined || !turn.end(ending)) return false;
    this.parts.chat.passed(this.owner.record().id, "stalled");
    this.concluding = this.conclude(turn, ending, this.concluding);
    return true;
  }

  /** As if it had never begun: its messages wait again. */
  undo(): void {
    const { turn } = this;
    if (turn === undefined || !this.isOpen) return;
    this.parts.journal.note({ t: "undone", turn: turn.number, isRepeat: false });
    this.parts.chat.passed(this.owner.record().id, "stalled");
    turn.undo();
    this.turn = undefined;
  }

  /** The conversation was stopped, and it goes on all the same. */
  renew(): void {
    const { fence } = this.parts;
    if (this.isOpen)
      this.turn?.renew(fence.pass(conversationKey(this.owner.record().conversation)));
  }

  /** The bot stops. An open turn stays in the journal as it is: the next start finds it interrupted. */
  leave(): void {
    if (this.isOpen) this.turn?.leave();
  }

  private open(messages: readonly StoredMessage[]): Turn {
    const { journal, fence, chat, clock, limits } = this.parts;
    const { id, name, conversation } = this.owner.record();
    const number = journal.takeTurnNumber();
    const turn = new Turn({
      number,
      face: {
        place: conversation,
        key: `${id}/${number}`,
        behalf: { turn: number, updates: updatesOf(messages) },
        session: name,
        selfStarted: messages.length === 0,
      },
      messages,
      pass: fence.pass(conversationKey(conversation)),
      chat,
      journal,
      clock,
      stallAfterMs: limits.stallAfterMs,
      lastSignMs: () => this.owner.process?.lastHeardMs ?? 0,
      onStall: (stalled, stall) => {
        this.tellStall(stalled, stall);
      },
    });
    this.turn = turn;
    return turn;
  }

  private beganLine({ number, messages }: Turn, process?: AgentProcess) {
    const pid = process?.identity?.pid;
    return {
      t: "began" as const,
      turn: number,
      sessionId: this.owner.record().id,
      seqs: messages.map(({ seq }) => seq),
      atMs: this.parts.clock.now(),
      ...(pid === undefined ? {} : { pid }),
    };
  }

  /** Only what is recorded goes to the agent: after a crash it must not look as if it had never been begun. */
  private async send(
    turn: Turn,
    process: AgentProcess,
    recorded: Promise<void>,
    composing: Promise<AgentMessage>,
  ): Promise<void> {
    // Both are awaited, so that neither rejects unseen.
    const [written, composed] = await Promise.allSettled([recorded, composing]);
    if (this.turn !== turn || turn.phase !== "opening") return;
    if (composed.status === "rejected") {
      const text = `An attachment could not be read: ${errorMessage(composed.reason)}. Send it again.`;
      this.end({ outcome: "failed", text });
      return;
    }
    const canTake = process.state === "idle" || process.state === "starting";
    if (written.status === "rejected" || !canTake) {
      this.undo();
      this.owner.couldNotBegin();
      return;
    }
    turn.sent();
    this.owner.turnIsSent();
    process.send(composed.value);
  }

  /** @param earlier endings are told in their order */
  private async conclude(turn: Turn, ending: TurnEnding, earlier: Promise<void>): Promise<void> {
    const { journal, clock, random, log, closing } = this.parts;
    const { number } = turn;
    await journal.record({ t: "outcome", turn: number, ...ending });
    await earlier;
    const patience = { onRefused: () => undefined, clock, random, log };
    try {
      await untilStorageWorks(patience, closing, () => turn.deliver());
      journal.note({ t: "delivered", turn: number, atMs: clock.now() });
    } catch (error) {
      // The next life finds an ending that was not handed on, and does it.
      const facts = { session: this.owner.record().name, turn: number, cause: errorMessage(error) };
      if (!closing.aborted) log.error("The end of a turn could not be told.", facts);
    }
    turn.close();
    if (this.turn === turn) this.turn = undefined;
    this.owner.turnIsOver();
  }

  private tellStall(turn: Turn, { silentMs, elapsedMs }: Stall): void {
    this.parts.fence.through(turn.pass, () => {
      this.voice.stalled({ turn: turn.number, silentMs, elapsedMs, tool: turn.activity });
    });
  }
}
