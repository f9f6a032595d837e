import { z } from "zod";
import { formatDuration } from "../duration.ts";

/** What a bot's receiving side does. The words are shown to operators. */
export type PollingState =
  | "starting"
  | "waiting_for_lock"
  | "waiting_for_guard"
  /** The right to poll is its own; Telegram has not answered yet. */
  | "connecting"
  | "polling"
  /** Does not poll: another process polls its token, and it reads what that one receives. */
  | "reading"
  | "disabled"
  /** A command (a bot in any language): it polls its own way, and all we know is that it runs. */
  | "by_itself"
  | "waiting_for_network"
  | "waiting_for_storage"
  | "rate_limited"
  | "conflict"
  | "misconfigured"
  | "auth_failed"
  | "stopped";

/** A call to Telegram that failed: the state may stay what it is, but whoever looks shall see it at once. */
export const pollingTroubleSchema = z.object({
  /** In words for an operator. */
  what: z.string(),
  /** When it happened last. Epoch milliseconds. */
  at: z.number(),
  /** When it is tried again; absent where polling goes on and it may come back. */
  nextTryAt: z.number().optional(),
});

export type PollingTrouble = Readonly<z.infer<typeof pollingTroubleSchema>>;

export interface PollingReport {
  readonly state: PollingState;
  /** Why, in words for an operator; absent where the state says it all. */
  readonly reason?: string;
  readonly trouble?: PollingTrouble;
}

/** `409 Conflict: another poller of this token, 2 s ago; next try in 4 s`; without what, where that is said already. */
export function describeTrouble(
  { what, at, nextTryAt }: PollingTrouble,
  nowMs: number,
  isSaid = false,
): string {
  const ago = `${formatDuration(Math.max(0, nowMs - at))} ago`;
  const told = isSaid ? `last ${ago}` : `${what}, ${ago}`;
  if (nextTryAt === undefined) return told;
  const waitMs = nextTryAt - nowMs;
  return `${told}; next try ${waitMs <= 0 ? "now" : `in ${formatDuration(waitMs + 999)}`}`;
}
