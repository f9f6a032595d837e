import type { QueueDepths } from "../queue/outbox-queue.ts";

export type OutboxState = "open" | "closing" | "closed";

/** A chat that has to be silent, as Telegram asked. */
interface FloodView {
  readonly chatId: number | string;
  /** Epoch milliseconds. */
  readonly untilMs: number;
  readonly waitMs: number;
  readonly slowness: number;
}

/** What an outbox is doing, for `status`. Holds no text of any message. */
export interface OutboxSnapshot {
  readonly state: OutboxState;
  readonly waiting: QueueDepths;
  readonly inFlight: number;
  /** How long the oldest answer has waited; 0 when none does. */
  readonly lagMs: number;
  /** Answers that a full queue keeps at the door. */
  readonly atTheDoor: number;
  readonly floodWaits: readonly FloodView[];
  readonly blockedChats: number;
  /** Telegram cannot be reached. */
  readonly offline: boolean;
  /** Why answers cannot be written down, while that is so. */
  readonly storageTrouble: string | undefined;
  /** Since this process began. */
  readonly totals: OutboxTotals;
}

interface OutboxTotals {
  readonly sent: number;
  readonly failed: number;
  readonly dropped: number;
  /** Answers of an earlier life that this one took over. */
  readonly recovered: number;
}
