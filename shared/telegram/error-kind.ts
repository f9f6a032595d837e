import type { LogLevel } from "../logger.ts";

/** What went wrong between us and Telegram. The words are keys of counters and are shown by `/status`. */
export type ErrorKind =
  /** Another process polls this token. */
  | "conflict_poller"
  /** A webhook is set, or was set while we polled. */
  | "conflict_webhook"
  /** Telegram does not accept the token. */
  | "auth"
  /** Telegram says how long to wait. */
  | "flood"
  /** No connection, or it broke. */
  | "network"
  /** Silence: connected, but no answer in time. */
  | "timeout"
  /** A 5xx, whatever its body. */
  | "server"
  /** An answer that is no Bot API answer: HTML, cut JSON, `null`. */
  | "bad_response"
  /** We gave up the call ourselves. */
  | "aborted"
  /** This chat or user cannot be written to. */
  | "blocked"
  /** The group has become a supergroup with another id. */
  | "migrated"
  /** Telegram refuses what we asked: a mistake of ours. */
  | "bad_request"
  /** Thrown by something else. */
  | "unknown";

export type ErrorAction =
  /** Somebody else may own the token: make sure that we do, wait, use a new connection. */
  | "check_ownership"
  | "check_webhook"
  | "check_token"
  /** Wait as long as Telegram says. */
  | "wait"
  /** Try again, each time later. */
  | "retry"
  | "mark_chat"
  | "rewrite_chat_id"
  /** Repeating changes nothing soon. */
  | "report"
  | "none";

/** One place says how loud a kind is and what helps against it. */
export const errorKinds: Readonly<Record<ErrorKind, { level: LogLevel; action: ErrorAction }>> = {
  conflict_poller: { level: "warn", action: "check_ownership" },
  conflict_webhook: { level: "warn", action: "check_webhook" },
  auth: { level: "error", action: "check_token" },
  flood: { level: "warn", action: "wait" },
  network: { level: "warn", action: "retry" },
  timeout: { level: "warn", action: "retry" },
  server: { level: "warn", action: "retry" },
  bad_response: { level: "warn", action: "retry" },
  aborted: { level: "debug", action: "none" },
  blocked: { level: "warn", action: "mark_chat" },
  migrated: { level: "warn", action: "rewrite_chat_id" },
  bad_request: { level: "error", action: "report" },
  unknown: { level: "error", action: "report" },
};
