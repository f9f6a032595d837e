/** How fast one chat may be written to. */
export interface Pace {
  /** Milliseconds between two sends once the burst is used up. */
  readonly intervalMs: number;
  /** How many may go at once after a silence. */
  readonly burst: number;
  /** At most `count` in any `ms`. */
  readonly window?: { readonly count: number; readonly ms: number };
  /** Sends of the burst and of the window that progress leaves to answers. */
  readonly keptForAnswers: number;
  /** Sends that the others leave to urgent answers; of those that progress leaves, too. */
  readonly keptForUrgent: number;
}

export type Urgency = "urgent" | "answer" | "progress";

/**
 * "About one message per second per chat, short bursts allowed; 20 per minute in a group" (Bot API FAQ;
 * facts/telegram-bot-api.md, section 4). Edits count like sends. The window is longer than a minute by more than the
 * way to Telegram may take longer for one request than for another.
 */
export const privatePace: Pace = {
  intervalMs: 1_000,
  burst: 3,
  keptForAnswers: 1,
  keptForUrgent: 0,
};
export const groupPace: Pace = {
  intervalMs: 3_000,
  burst: 5,
  window: { count: 20, ms: 61_500 },
  keptForAnswers: 2,
  // A group that is written to without a pause has its next send only seconds later.
  keptForUrgent: 1,
};

/** What was sent to one chat, and what Telegram said about it. All instants are monotonic. */
export interface PaceState {
  /** When the chat would be quite rested (the theoretical arrival time of the generic cell rate algorithm). */
  readonly restedAtMs: number;
  /** The newest sends, oldest first; as many as the window counts. */
  readonly sentAtMs: readonly number[];
  /** Telegram asked for silence until then. */
  readonly floodUntilMs: number;
  /** How much slower than usual, as learned from floods; see {@link slownessAt}. */
  readonly slowness: number;
  readonly slownessAtMs: number;
}

export const restedChat: PaceState = {
  restedAtMs: Number.NEGATIVE_INFINITY,
  sentAtMs: [],
  floodUntilMs: Number.NEGATIVE_INFINITY,
  slowness: 1,
  slownessAtMs: 0,
};

const slownessPerFlood = 1.5;
const greatestSlowness = 8;
/** What a flood taught is half forgotten after so long. */
const forgetHalfMs = 5 * 60_000;

/** 1 for the usual pace, 2 for half as fast. Falls back to 1 by itself. */
export function slownessAt(state: PaceState, nowMs: number): number {
  const sinceMs = Math.max(0, nowMs - state.slownessAtMs);
  const learned = (state.slowness - 1) * 0.5 ** (sinceMs / forgetHalfMs);
  return learned < 0.01 ? 1 : 1 + learned;
}

/** Sums of fractions are not exact; a wait that no clock can measure is none. */
export const negligibleMs = 0.001;

/** Milliseconds until the next send may go; 0 for now. */
export function readyInMs(state: PaceState, pace: Pace, urgency: Urgency, nowMs: number): number {
  const kept = keptFrom(pace, urgency);
  const slowness = slownessAt(state, nowMs);
  const burstMs = (pace.burst - 1 - kept) * pace.intervalMs * slowness;
  const readyAtMs = Math.max(
    state.floodUntilMs,
    state.restedAtMs - burstMs,
    windowOpensAtMs(state, pace, kept, slowness),
  );
  return readyAtMs - nowMs < negligibleMs ? 0 : readyAtMs - nowMs;
}

function keptFrom({ keptForAnswers, keptForUrgent }: Pace, urgency: Urgency): number {
  if (urgency === "urgent") return 0;
  return urgency === "answer" ? keptForUrgent : keptForAnswers + keptForUrgent;
}

function windowOpensAtMs(state: PaceState, pace: Pace, kept: number, slowness: number): number {
  if (pace.window === undefined) return Number.NEGATIVE_INFINITY;
  const oldest = state.sentAtMs.at(-(pace.window.count - kept));
  return oldest === undefined ? Number.NEGATIVE_INFINITY : oldest + pace.window.ms * slowness;
}

export function afterSend(state: PaceState, pace: Pace, nowMs: number): PaceState {
  const sentAtMs =
    pace.window === undefined ? [] : [...state.sentAtMs, nowMs].slice(-pace.window.count);
  const spentMs = pace.intervalMs * slownessAt(state, nowMs);
  return { ...state, sentAtMs, restedAtMs: Math.max(state.restedAtMs, nowMs) + spentMs };
}

/** Telegram answered 429. After the wait there is no burst: one, then the interval, at a slower pace than before. */
export function afterFlood(state: PaceState, pace: Pace, waitMs: number, nowMs: number): PaceState {
  const slowness = Math.min(greatestSlowness, slownessAt(state, nowMs) * slownessPerFlood);
  const floodUntilMs = Math.max(state.floodUntilMs, nowMs + waitMs);
  const burstMs = (pace.burst - 1) * pace.intervalMs * slowness;
  return {
    ...state,
    floodUntilMs,
    restedAtMs: Math.max(state.restedAtMs, floodUntilMs + burstMs),
    slowness,
    // While it is silent a chat learns nothing new.
    slownessAtMs: floodUntilMs,
  };
}

/** Nothing is left that would make it different from a chat that was never written to. */
export function isRested(state: PaceState, pace: Pace, nowMs: number): boolean {
  const newest = state.sentAtMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  return (
    state.restedAtMs <= nowMs &&
    state.floodUntilMs <= nowMs &&
    newest + (pace.window?.ms ?? 0) * greatestSlowness <= nowMs &&
    slownessAt(state, nowMs) === 1
  );
}
