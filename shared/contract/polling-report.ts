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

export interface PollingReport {
  readonly state: PollingState;
  /** Why, in words for an operator; absent where the state says it all. */
  readonly reason?: string;
}
