import { errorMessage } from "../../../../shared/errors.ts";
import { behalfOfTurn, updatesOf } from "../queue/behalf.ts";
import { burstsIn } from "../queue/burst.ts";
import { givenUp } from "../queue/given-up.ts";
import type { JournalLine } from "../queue/journal-line.ts";
import type { StoredTurn } from "../queue/message-ledger.ts";
import type { AgentRecord, SessionRecord } from "../record/session-record.ts";
import type { UntoldStop } from "../scope/stop-ledger.ts";
import type { SessionParts } from "../session-parts.ts";
import { SessionVoice } from "../session-voice.ts";
import type { Sessions } from "../sessions.ts";

/** A process that the last life recorded for a session. */
export interface Suspect {
  readonly session: string;
  readonly process: AgentRecord;
}

/** Ends what an earlier life left, and nobody else's. @returns how many processes were ended */
export type EndLeftovers = (suspects: readonly Suspect[]) => Promise<number>;

/**
 * The start of the bot, before it polls: what earlier agents are still at is ended, sessions rest, and what was under way
 * is told. Nothing of it runs again by itself: nobody knows what was done of it.
 */
export async function recover(
  parts: SessionParts,
  sessions: Sessions,
  endLeftovers: EndLeftovers,
): Promise<void> {
  const { store, journal, chat, log } = parts;
  const suspects = store
    .all()
    .flatMap(({ name: session, process }) => (process === null ? [] : [{ session, process }]));
  const ended = await endLeftovers(suspects);
  if (ended > 0) log.info(`Cleaned up ${ended} orphaned subprocesses`);
  for (const record of store.all()) rest(parts, record);
  await journal.record(...expireRequests(parts), ...dropLostSessions(parts));
  chat.recall({
    isWaiting: (message) => journal.messages.waiting(message) !== undefined,
    stateOf: (request) => sessions.stateOf(request),
    turn: (key) => standOf(journal.messages.turns.find((turn) => keyOf(turn) === key)),
  });
  const held = journal.messages.turns.filter((turn) => takeUp(parts, sessions, turn));
  for (const stop of journal.stops.untold) void tellCut(parts, stop);
  sessions.begin();
  for (const sessionId of new Set(held.map((turn) => turn.sessionId)))
    showWaiting(parts, sessionId);
}

function keyOf({ sessionId, turn }: StoredTurn): string {
  return `${sessionId}/${turn}`;
}

function standOf(turn: StoredTurn | undefined): "open" | "told" | "over" {
  if (turn === undefined) return "over";
  return turn.state === "interrupted" ? "told" : "open";
}

/** Who said the stop has heard nothing of what it has ended. */
async function tellCut(
  { journal, chat, log }: SessionParts,
  { token, place, lost }: UntoldStop,
): Promise<void> {
  const messages = journal.messages.restorable(token);
  const told = { t: "told" as const, token };
  if (messages.length + lost.length === 0) {
    journal.note(told);
    return;
  }
  const updates = updatesOf([...messages, ...lost.map((id) => ({ id }))]);
  const saying = {
    kind: "stop_cut" as const,
    token,
    cancelled: messages.length,
    lost: lost.length,
  };
  try {
    await chat.say(place, `stop/${token}`, saying, { updates });
    journal.note(told);
  } catch (error) {
    const cause = errorMessage(error);
    log.warn("A stop that was cut short cannot be told yet; the next start tries again.", {
      cause,
    });
  }
}

/** They wait for a person, who may not have been told that they do. */
function showWaiting(parts: SessionParts, sessionId: string): void {
  const { chat, journal, store } = parts;
  const place = store.get(sessionId).conversation;
  const voice = new SessionVoice(parts, sessionId);
  for (const [ahead, burst] of burstsIn(journal.messages.waitingOf(sessionId)).entries()) {
    const [seq = 0] = burst.map((message) => message.seq);
    const behalf = { updates: updatesOf(burst) };
    voice.tell(() => chat.waits(place, seq, { ahead, forDecision: true }, behalf));
  }
}

function rest({ store }: SessionParts, { id, status, process }: SessionRecord): void {
  const isResting = status === "created" || status === "archived" || status === "suspended";
  if (isResting && process === null) return;
  store.change(id, { process: null, ...(isResting ? {} : { status: "suspended" }) });
}

/** Nobody waits for these answers any more. */
function expireRequests({ journal, store, chat, clock }: SessionParts): JournalLine[] {
  return journal.requests.open.map(({ request, sessionId }) => {
    const record = store.all().find(({ id }) => id === sessionId);
    if (record !== undefined) chat.settled(record.conversation, request, "expired");
    return { t: "settled", request, state: "expired", atMs: clock.now() };
  });
}

/** A session whose record was broken cannot answer. */
function dropLostSessions({ journal, store, clock, log }: SessionParts): JournalLine[] {
  const known = new Set(store.all().map(({ id }) => id));
  const lost = [...journal.messages.sessionIds].filter((id) => !known.has(id));
  return lost.flatMap((id): JournalLine[] => {
    const turns = journal.messages.turns.filter(({ sessionId }) => sessionId === id);
    const waiting = journal.messages.waitingOf(id).map(({ seq }) => seq);
    const messages = waiting.length + turns.flatMap(({ seqs }) => seqs).length;
    if (messages === 0 && turns.length === 0) return [];
    log.error("Messages of a session without a record are given up.", { id, messages });
    return givenUp(turns, waiting, clock.now());
  });
}

/** @returns whether its session waits for what a person says */
function takeUp(parts: SessionParts, sessions: Sessions, stored: StoredTurn): boolean {
  const { chat, store, journal, clock } = parts;
  const { turn, sessionId, seqs, shown, state } = stored;
  const { name: session, conversation: place, status } = store.get(sessionId);
  const isTold = state === "interrupted";
  if (status === "archived" && isTold) {
    journal.note(...givenUp([stored], [], clock.now()));
    return false;
  }
  // Its archiving was cut short: nobody can take it up.
  const aborted = status === "archived" ? { outcome: "aborted" as const, text: shown } : undefined;
  const ending = stored.ending ?? aborted;
  const voice = new SessionVoice(parts, sessionId);
  const delivered = { t: "delivered" as const, turn, atMs: clock.now() };
  const key = keyOf(stored);
  const behalf = behalfOfTurn(journal.messages, turn);
  if (ending !== undefined) {
    // Under the key of the turn: if the outbox has it already, it is not said again.
    const face = { place, key, behalf, session, selfStarted: seqs.length === 0 };
    const answer = chat.grow(face, () => undefined);
    voice.tell(async () => {
      await answer.finish(ending);
      journal.note(delivered);
    });
    return false;
  }
  const canResume = seqs.length > 0;
  if (canResume) sessions.get(sessionId)?.holdUndecided();
  if (isTold && canResume) return true;
  const waiting = journal.messages.waitingOf(sessionId).length;
  voice.tell(async () => {
    const facts = { session, turn, turnKey: key, canResume, shown, waiting };
    await chat.say(place, `${key}/interrupted`, { kind: "interrupted", ...facts }, behalf);
    journal.note(canResume ? { t: "interrupted", turn } : delivered);
  });
  return canResume;
}
