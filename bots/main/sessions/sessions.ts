import { OperationError } from "../../../shared/errors.ts";
import type { AgentProcess, AgentReply } from "../agents/port.ts";
import type { SessionPlace } from "./ports.ts";
import { givenUp } from "./queue/given-up.ts";
import { type Acceptance, type IncomingMessage, Intake } from "./queue/intake.ts";
import type { RequestState } from "./queue/journal-line.ts";
import { randomId } from "./random-id.ts";
import { checkSessionName } from "./record/session-name.ts";
import type { SessionRecord } from "./record/session-record.ts";
import { conversationKey } from "./scope/conversation-key.ts";
import { Moves } from "./scope/moves.ts";
import { ScopedStop } from "./scope/scoped-stop.ts";
import type { SessionStop } from "./scope/session-stop.ts";
import type { StopReceipt, StopScope } from "./scope/stop-receipt.ts";
import { Session } from "./session.ts";
import type { SessionParts } from "./session-parts.ts";
import { settledWithin } from "./settled-within.ts";

export interface NewSession {
  readonly name: string;
  readonly place: SessionPlace;
  readonly agent?: string;
  readonly persona?: string;
}

const idLength = 10;

/** All sessions of the bot. Conversations have any number of them and one that is active. */
export class Sessions {
  private readonly parts: SessionParts;
  private readonly sessions = new Map<string, Session>();
  private readonly intake: Intake;
  private readonly stops: ScopedStop;
  private readonly moves: Moves;
  private readonly closing: AbortController;

  /** @param closing the switch behind `parts.closing` */
  constructor(parts: SessionParts, closing: AbortController) {
    this.parts = parts;
    this.closing = closing;
    this.intake = new Intake(parts);
    this.moves = new Moves(parts);
    this.stops = new ScopedStop(
      parts,
      this.intake,
      () => this.all(),
      (place) => this.active(place),
    );
    for (const { id, status } of parts.store.all()) {
      if (status !== "archived") this.sessions.set(id, new Session(parts, id));
    }
  }

  /** All that are not archived, the one used last first. */
  all(): readonly Session[] {
    return [...this.sessions.values()].toSorted(
      (a, b) => b.record().lastActiveAtMs - a.record().lastActiveAtMs,
    );
  }

  get(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  /** The session that hears what is said in a conversation; none after it was archived, until another is chosen. */
  active(place: SessionPlace): Session | undefined {
    const key = conversationKey(place);
    const [chosen] = this.parts.store
      .all()
      .filter(({ conversation }) => conversationKey(conversation) === key)
      .toSorted((a, b) => b.chosenAtMs - a.chosenAtMs);
    return chosen === undefined ? undefined : this.sessions.get(chosen.id);
  }

  /** Names are unique within a chat. */
  find(chatId: number, name: string): Session | undefined {
    const wanted = name.trim().normalize("NFC").toLowerCase();
    return this.all().find((session) => {
      const { conversation, name: own } = session.record();
      return conversation.chatId === chatId && own.toLowerCase() === wanted;
    });
  }

  /**
   * A new session, active in its conversation from now on.
   * @throws OperationError saying what is wrong with its name, agent or persona; the system's error
   */
  async create({ name: wanted, place, agent, persona }: NewSession): Promise<Session> {
    const { agents, store, seats, clock, limits, random } = this.parts;
    const name = checkSessionName(wanted);
    if (this.find(place.chatId, name) !== undefined) {
      throw new OperationError(
        `There is a session '${name}' in this chat already. Use /session ${name} to switch to it, or another name.`,
      );
    }
    const profile = {
      agent: agent ?? agents.defaultAgent,
      persona: persona ?? agents.defaultPersona,
    };
    requireKnown("agent", profile.agent, agents.agentNames);
    requireKnown("persona", profile.persona, agents.personaNames);
    const prepared = seats.hasFree ? agents.take(profile) : undefined;
    const id = prepared?.folderId ?? randomId(idLength, random);
    const record: SessionRecord = {
      version: 1,
      id,
      name,
      conversation: place,
      folder: id,
      ...profile,
      model: null,
      resumeId: null,
      process: null,
      status: "created",
      idleTimeoutMs: limits.usualIdleTimeoutMs,
      createdAtMs: clock.now(),
      lastActiveAtMs: clock.now(),
      chosenAtMs: this.nextChoice(place),
      turns: 0,
      costUsd: 0,
    };
    try {
      await store.add(record);
    } catch (error) {
      void prepared?.process.stop(0);
      throw error;
    }
    const session = new Session(this.parts, id);
    this.sessions.set(id, session);
    if (prepared !== undefined) this.adopt(session, prepared.process);
    return session;
  }

  /** From now on it hears what is said in its conversation. */
  choose(session: Session): void {
    const { conversation } = session.record();
    this.parts.store.change(session.id, { chosenAtMs: this.nextChoice(conversation) });
    session.touch();
  }

  /** It is heard and speaks in another conversation of its chat from now on, and is the active one there. */
  bringTo(session: Session, place: SessionPlace): void {
    this.moves.rebind(session, place);
    this.choose(session);
  }

  /** A group has become a supergroup, which is the same chat under another id. */
  chatMoved(oldId: number, newId: number): void {
    this.moves.chatMoved(oldId, newId);
  }

  /** A forum topic is closed or gone. */
  topicGone(place: SessionPlace): void {
    this.moves.topicGone(place, this.all());
  }

  /**
   * Resolves when the message is safe in the queue of the conversation's active session; undefined where there is none.
   * @throws the system's error while the disk refuses; the message is then not ours
   */
  async accept(incoming: IncomingMessage): Promise<Acceptance | undefined> {
    const session = this.active(incoming.place);
    if (session === undefined) return undefined;
    this.moves.heard(session);
    return this.intake.accept(incoming, session);
  }

  /** @param recorded called at once: a stop is recorded as handled before it acts */
  stop(scope: StopScope, order: number, recorded?: () => Promise<void>): Promise<StopReceipt> {
    return this.stops.stop(scope, order, recorded);
  }

  /** The same, unless that turn is over in the moment of the stop. @returns undefined when it was */
  stopDuring(
    turn: number,
    scope: StopScope,
    order: number,
    recorded: () => Promise<void>,
  ): Promise<StopReceipt | undefined> {
    return this.stops.stopDuring(turn, scope, order, recorded);
  }

  /** The receipt of a stop is with the outbox: the next start need not tell what it has ended. */
  told({ token }: StopReceipt): void {
    const { journal } = this.parts;
    if (journal.stops.get(token) !== undefined) journal.note({ t: "told", token });
  }

  restore(token: string): Promise<number> {
    return this.stops.restore(token);
  }

  isWaiting(seq: number): boolean {
    return this.parts.journal.messages.waiting(seq) !== undefined;
  }

  /** Takes one message out of its queue. @returns false when it does not wait any more */
  async cancel(seq: number): Promise<boolean> {
    const sessionId = this.parts.journal.messages.waiting(seq)?.sessionId;
    return (await this.sessions.get(sessionId ?? "")?.cancel(seq)) ?? false;
  }

  /** @returns how the request stands now */
  answer(request: string, reply: AgentReply): RequestState {
    const stored = this.parts.journal.requests.get(request);
    const session = this.sessions.get(stored?.sessionId ?? "");
    return session?.answer(request, reply) ?? this.stateOf(request);
  }

  /** How a request stands. */
  stateOf(request: string): RequestState {
    return this.parts.journal.requests.get(request)?.state ?? "expired";
  }

  async decideInterrupted(turn: number, wish: "resume" | "discard"): Promise<boolean> {
    const sessionId = this.parts.journal.messages.turn(turn)?.sessionId;
    const session = this.sessions.get(sessionId ?? "");
    return (await session?.decideInterrupted(turn, wish)) ?? false;
  }

  /** Ends what it does; folder and history stay. Its conversation has no active session then, if it was that. */
  async archive(session: Session): Promise<SessionStop> {
    const { store, journal, random, limits, clock } = this.parts;
    store.change(session.id, { status: "archived" });
    const token = randomId(idLength, random);
    const stop = await session.stops.stop(
      { endsBackground: true, token, isLater: () => false },
      "archived",
    );
    await session.close(limits.stopGraceMs);
    this.sessions.delete(session.id);
    // Interrupted by a restart, told, and nobody has decided.
    const left = journal.messages.turns.filter(
      ({ sessionId, ending }) => sessionId === session.id && ending === undefined,
    );
    await journal.record(...givenUp(left, [], clock.now()));
    return stop;
  }

  /** What waited when the last life ended goes on. */
  begin(): void {
    for (const session of this.sessions.values()) session.begin();
  }

  /** Agents end in parallel; open turns stay in the journal. Resolves within the deadline, or soon after. */
  async close(deadlineMs: number): Promise<void> {
    const { store, journal, clock, limits } = this.parts;
    this.closing.abort(new Error("the bot stops"));
    // Half a second for the last look and the files; SIGKILL must come before somebody else sends it to us.
    const graceMs = Math.min(limits.stopGraceMs, Math.max(0, deadlineMs - 500));
    const closed = [...this.sessions.values()].map((session) => session.close(graceMs));
    await settledWithin(Promise.all(closed), deadlineMs, clock);
    await store.flush();
    await journal.close();
  }

  /** It may have died, and the seat may have been taken, while the record was written. */
  private adopt(session: Session, process: AgentProcess): void {
    const isWell = process.state === "idle" || process.state === "starting";
    if (isWell && this.parts.seats.hasFree) session.adopt(process);
    else void process.stop(0);
  }

  /** The clock may stand still between two choices, or be set back. */
  private nextChoice(place: SessionPlace): number {
    const { store, clock } = this.parts;
    const key = conversationKey(place);
    const earlier = store
      .all()
      .filter(({ conversation }) => conversationKey(conversation) === key)
      .map(({ chosenAtMs }) => chosenAtMs + 1);
    return Math.max(clock.now(), ...earlier);
  }
}

function requireKnown(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new OperationError(`There is no ${what} '${name}'. Known: ${known.join(", ")}.`);
}
