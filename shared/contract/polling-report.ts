/** What a bot's receiving side does. The words are shown to operators. */
export type PollingState =
  | "starting"
  | "waiting_for_lock"
  | "waiting_for_guard"
  | "polling"
  | "disabled"
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
