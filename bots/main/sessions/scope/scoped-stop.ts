import type { SessionPlace } from "../ports.ts";
import { updatesIn } from "../queue/behalf.ts";
import { firstBurst } from "../queue/burst.ts";
import type { Intake } from "../queue/intake.ts";
import { randomId } from "../random-id.ts";
import type { Session } from "../session.ts";
import type { SessionParts } from "../session-parts.ts";
import { SessionVoice } from "../session-voice.ts";
import { conversationKey } from "./conversation-key.ts";
import { sentAfter } from "./sent-after.ts";
import { isInScope, type StopReceipt, type StopScope } from "./stop-receipt.ts";

const tokenLength = 10;

/** Stops one conversation, or a whole chat, and nothing else; says what was done. */
export class ScopedStop {
  private readonly parts: SessionParts;
  private readonly intake: Intake;
  private readonly sessions: () => readonly Session[];
  private readonly active: (place: SessionPlace) => Session | undefined;

  constructor(
    parts: SessionParts,
    intake: Intake,
    sessions: () => readonly Session[],
    active: (place: SessionPlace) => Session | undefined,
  ) {
    this.parts = parts;
    this.intake = intake;
    this.sessions = sessions;
    this.active = active;
  }

  /**
   * Messages that were sent after the stop are not touched by it: they wait while it is being recorded.
   * @param order of the stop among the messages of its bot
   * @param recorded called at once; the stop acts when it is recorded as handled. Undefined: it is
   * @throws what `recorded` throws; nothing is stopped then
   */
  stop(
    scope: StopScope,
    order: number,
    recorded: (() => Promise<void>) | undefined,
  ): Promise<StopReceipt> {
    return this.decide(scope, order, recorded, () => this.act(scope, order));
  }

  /**
   * The same, unless that turn is over in the moment of the stop: by then it would stop the next one.
   * @param scope of the place where that was said; where the session has gone to another, that is meant
   * @returns undefined when it was over
   */
  async stopDuring(
    turn: number,
    scope: StopScope,
    order: number,
    recorded: () => Promise<void>,
  ): Promise<StopReceipt | undefined> {
    const session = this.sessions().find(({ openTurn }) => openTurn === turn);
    if (session === undefined) return undefined;
    const place = session.record().conversation;
    const meant = isInScope(place, scope) ? scope : { kind: "conversation" as const, place };
    return this.decide(meant, order, recorded, async () =>
      session.openTurn === turn ? this.act(meant, order) : undefined,
    );
  }

  private async decide<Result>(
    scope: StopScope,
    order: number,
    recorded: (() => Promise<void>) | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const decided = this.intake.pendingStops.announce(scope, order);
    let done: Promise<Result>;
    try {
      if (recorded !== undefined) await recorded();
      done = act();
    } finally {
      decided();
    }
    return done;
  }

  /** Everything is decided before the promise is returned: what begins after that belongs to the next generation. */
  private async act(scope: StopScope, order: number): Promise<StopReceipt> {
    const { journal, clock, random } = this.parts;
    const startedMs = clock.monotonic();
    const token = randomId(tokenLength, random);
    const endsBackground = scope.kind === "chat";
    const isLater = sentAfter(order, clock.now());
    const isMeant = (session: Session): boolean => isInScope(session.record().conversation, scope);
    const arrivals = this.intake.arrivals.of(
      (session, sentAs) => sentAs < order && isMeant(session),
    );
    const coming = arrivals.map(({ session }) => session);
    const touched = this.sessions().filter(
      (session) => isMeant(session) && session.stops.hasWork({ endsBackground, isLater }),
    );
    const backgroundLeft = this.sessions()
      .filter((session) => isMeant(session) && !touched.includes(session))
      .reduce((sum, { process }) => sum + (process?.backgroundTasks ?? 0), 0);
    const overtaken = this.overtakenBy(scope, order);
    const stopped = new Set([...coming, ...touched].map(keyOf));
    if (stopped.size + overtaken.length > 0) {
      const place = scope.kind === "chat" ? { chatId: scope.chatId } : scope.place;
      journal.note({ t: "stopped", token, place, atMs: clock.now() });
    }
    for (const conversation of stopped) {
      this.parts.fence.raise(conversation);
      this.parts.fence.mark(conversation, order);
    }
    for (const session of new Set([...coming, ...this.sessions()])) {
      if (!stopped.has(keyOf(session))) continue;
      this.intake.stopped(session.id, token, order);
      if (!touched.includes(session)) session.stops.goOn();
    }
    const taken = overtaken.map(({ message, session }) =>
      this.intake.overtaken.take(message, session?.id, token),
    );
    const stops = touched.map(async (session) => ({
      ...(await session.stops.stop({ endsBackground, token, isLater }, "stopped")),
      place: session.record().conversation,
    }));
    const sessions = await Promise.all(stops);
    await Promise.all(arrivals.map(({ settled }) => settled));
    const tookMs = clock.monotonic() - startedMs;
    await Promise.all(taken);
    this.intake.tells(token);
    const cancelled = journal.messages.restorable(token).length;
    return {
      token,
      sessions,
      cancelled,
      lost: journal.stops.get(token)?.lost.length ?? 0,
      backgroundLeft,
      restoreToken: cancelled === 0 ? undefined : token,
      tookMs,
    };
  }

  /** What was sent before the stop and is behind it, with the session that would hear it. */
  private overtakenBy(scope: StopScope, order: number) {
    return this.parts.onTheirWay().flatMap((message) => {
      const isMeant = message.order < order && isInScope(message.place, scope);
      if (!isMeant || this.intake.arrivals.has(message.order)) return [];
      const session = this.active(message.place);
      // People talk to each other, too.
      return session === undefined && !message.isForAnother ? [] : [{ message, session }];
    });
  }

  /** Queues again what a stop cancelled. @returns how many; 0 when that was done before, or is too long ago */
  async restore(token: string): Promise<number> {
    const { journal, store, clock } = this.parts;
    const messages = journal.messages.restorable(token);
    if (messages.length === 0) return 0;
    const closed = store.all().filter(({ status }) => status === "archived");
    const isOpen = (sessionId: string): boolean => closed.every(({ id }) => id !== sessionId);
    const lost = messages.filter(({ sessionId }) => !isOpen(sessionId)).map(({ seq }) => seq);
    const restored = journal.record(
      { t: "restored", token },
      ...(lost.length === 0
        ? []
        : [{ t: "cancelled" as const, seqs: lost, why: "archived" as const, atMs: clock.now() }]),
    );
    await restored;
    const owners = new Set(messages.map(({ sessionId }) => sessionId));
    const brought = new Set(messages.map(({ seq }) => seq));
    for (const session of this.sessions()) {
      if (!owners.has(session.id)) continue;
      session.arrived(false);
      this.showWaiting(session, (seq) => brought.has(seq), token);
    }
    return messages.length - lost.length;
  }

  /** Those that were brought back and must wait are shown as all others that wait. */
  private showWaiting(session: Session, isMeant: (seq: number) => boolean, token: string): void {
    const { chat, journal } = this.parts;
    const { waiting, isBlocked: forDecision } = session;
    const voice = new SessionVoice(this.parts, session.id);
    const goAtOnce = session.isBusy || forDecision ? 0 : firstBurst(waiting).length;
    for (const [ahead, { seq }] of waiting.entries()) {
      if (ahead < goAtOnce || !isMeant(seq)) continue;
      const behalf = { updates: updatesIn(journal.messages, [seq]) };
      const why = { ahead, forDecision, restoredBy: token };
      const place = session.record().conversation;
      voice.tell(async () => {
        await chat.waits(place, seq, why, behalf);
        // Its turn may have come while this was said.
        if (journal.messages.waiting(seq) === undefined) chat.left(place, seq, "taken");
      });
    }
  }
}

function keyOf(session: Session): string {
  return conversationKey(session.record().conversation);
}
