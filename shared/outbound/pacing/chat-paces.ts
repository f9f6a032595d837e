import {
  afterFlood,
  afterSend,
  groupPace,
  isRested,
  type Pace,
  type PaceState,
  privatePace,
  readyInMs,
  restedChat,
  slownessAt,
  type Urgency,
} from "./pace.ts";

export interface PaceTable {
  readonly private: Pace;
  readonly group: Pace;
}

const usualPaces: PaceTable = { private: privatePace, group: groupPace };

export interface FloodWait {
  readonly chatId: number | string;
  readonly untilMs: number;
  /** How many times slower than usual this chat is written to now. */
  readonly slowness: number;
}

/** So many chats are remembered before rested ones are looked for. */
const sweepAbove = 1_000;

export interface ChatPacesOptions {
  readonly table?: PaceTable;
  /** Called for every send, so that other bots of the token can count it, too. Default: nobody shares the token. */
  readonly onSent?: (chatId: number | string) => void;
}

/** The pace of every chat that was written to lately. Instants are monotonic. */
export class ChatPaces {
  private readonly table: PaceTable;
  private readonly onSent: (chatId: number | string) => void;
  private readonly states = new Map<number | string, PaceState>();
  private sweepAt = sweepAbove;

  constructor({ table = usualPaces, onSent = () => undefined }: ChatPacesOptions = {}) {
    this.table = table;
    this.onSent = onSent;
  }

  readyInMs(chatId: number | string, urgency: Urgency, nowMs: number): number {
    const state = this.states.get(chatId);
    return state === undefined ? 0 : readyInMs(state, this.paceOf(chatId), urgency, nowMs);
  }

  /** Milliseconds until Telegram lets the chat be written to at all. */
  floodedForMs(chatId: number | string, nowMs: number): number {
    return Math.max(0, (this.states.get(chatId)?.floodUntilMs ?? 0) - nowMs);
  }

  sent(chatId: number | string, nowMs: number): void {
    this.othersSent(chatId, nowMs);
    this.onSent(chatId);
  }

  /** Another bot of the token has written to the chat: Telegram counts it for both. */
  othersSent(chatId: number | string, nowMs: number): void {
    this.sweep(nowMs);
    this.states.set(chatId, afterSend(this.stateOf(chatId), this.paceOf(chatId), nowMs));
  }

  flooded(chatId: number | string, waitMs: number, nowMs: number): void {
    const state = afterFlood(this.stateOf(chatId), this.paceOf(chatId), waitMs, nowMs);
    this.states.set(chatId, state);
  }

  /** Chats that have to be silent now. */
  waits(nowMs: number): FloodWait[] {
    return [...this.states]
      .filter(([, { floodUntilMs }]) => floodUntilMs > nowMs)
      .map(([chatId, state]) => ({
        chatId,
        untilMs: state.floodUntilMs,
        slowness: slownessAt(state, nowMs),
      }));
  }

  private stateOf(chatId: number | string): PaceState {
    return this.states.get(chatId) ?? restedChat;
  }

  /** Ids of people are positive; groups and channels are negative or `@names`. */
  private paceOf(chatId: number | string): Pace {
    return Number(chatId) > 0 ? this.table.private : this.table.group;
  }

  private sweep(nowMs: number): void {
    if (this.states.size < this.sweepAt) return;
    for (const [chatId, state] of this.states) {
      if (isRested(state, this.paceOf(chatId), nowMs)) this.states.delete(chatId);
    }
    this.sweepAt = Math.max(sweepAbove, this.states.size * 2);
  }
}
