import { errorMessage, systemErrorCode } from "../errors.ts";
import type { LogLevel } from "../logger.ts";
import { redact } from "../redact.ts";
import { NetworkError, ParseError, TelegramApiError, TimeoutError } from "./bot-api.ts";
import { type ErrorAction, type ErrorKind, errorKinds } from "./error-kind.ts";

export interface ClassifiedError {
  readonly kind: ErrorKind;
  readonly level: LogLevel;
  readonly action: ErrorAction;
  /** In words for an operator, without any token. */
  readonly message: string;
  /** How long Telegram asks to wait; with kind `flood` only. */
  readonly waitMs?: number;
  /** Telegram's error code, or the HTTP status where the body was no answer of the Bot API. */
  readonly status?: number;
  /** `ECONNREFUSED`, `ENOTFOUND`, ...; with kind `network` only. */
  readonly systemCode?: string;
  /** The supergroup's id; with kind `migrated` only. */
  readonly migrateToChatId?: number;
}

/** Operators search their logs for exactly this. */
export const conflictText = "Telegram polling conflict detected - another instance may be running";

/** A flood answer without its number; Telegram's shortest usual one. */
const unknownFloodWaitMs = 5_000;

/** On these, a 404 means a path that Telegram cannot read: the token is wrong. Elsewhere the method is. */
const methodsThatExist: readonly string[] = [
  "getMe",
  "getUpdates",
  "getWebhookInfo",
  "deleteWebhook",
];

/**
 * What a thrown value means. The error code decides first, the beginning of Telegram's description second.
 * @param method the Bot API method that was called
 */
export function classifyError(thrown: unknown, method: string): ClassifiedError {
  if (thrown instanceof TelegramApiError) return classifyAnswer(thrown, method);
  if (thrown instanceof TimeoutError)
    return describeError("timeout", `No answer to ${method} in time`);
  if (thrown instanceof ParseError || isReadOfNothing(thrown)) {
    return describeError("bad_response", `The answer to ${method} was no Bot API answer`);
  }
  if (thrown instanceof NetworkError) return classifyNetwork(thrown, method);
  const name = thrown instanceof Error ? thrown.name : "";
  if (name === "AbortError") return describeError("aborted", `${method} was given up`);
  if (name === "TimeoutError") return describeError("timeout", `No answer to ${method} in time`);
  if (isConnectionCode(systemErrorCode(thrown))) return classifyNetwork(thrown, method);
  return describeError("unknown", `${method} failed: ${errorMessage(thrown)}`);
}

function classifyAnswer(error: TelegramApiError, method: string): ClassifiedError {
  // Typed by the library, but taken from the wire as it came.
  const status: unknown = error.errorCode;
  const description = typeof error.description === "string" ? error.description : "";
  if (typeof status !== "number") {
    return describeError("bad_response", `The answer to ${method} was no Bot API answer`);
  }
  const said = `Telegram answered ${method} with ${status}: ${description}`;
  if (status === 429) {
    const waitMs = floodWaitMs(error, description);
    return describeError(
      "flood",
      `Telegram asks to wait ${waitMs / 1000} s before the next ${method}`,
      {
        status,
        waitMs,
      },
    );
  }
  const migrateToChatId = error.migrateToChatId;
  if (typeof migrateToChatId === "number")
    return describeError("migrated", said, { status, migrateToChatId });
  const kind = kindOfStatus(status, description, method);
  return describeError(kind, kind === "conflict_poller" ? conflictText : said, { status });
}

function kindOfStatus(status: number, description: string, method: string): ErrorKind {
  if (status >= 500) return "server";
  switch (status) {
    case 401:
    case 421:
      return "auth";
    case 403:
      return "blocked";
    case 404:
      return methodsThatExist.includes(method) ? "auth" : "bad_request";
    case 409:
      return isAboutWebhook(description) ? "conflict_webhook" : "conflict_poller";
    default:
      return /^(Bad Request: )?Logged out/i.test(description) ? "auth" : "bad_request";
  }
}

function isAboutWebhook(description: string): boolean {
  return /^Conflict: (terminated by (other )?setWebhook|can't use getUpdates method while webhook is active)/i.test(
    description,
  );
}

function floodWaitMs(error: TelegramApiError, description: string): number {
  const seconds = Number(error.retryAfter ?? /retry after (\d+)/i.exec(description)?.[1]);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : unknownFloodWaitMs;
}

/** The library words a 5xx without a Bot API body as a network error; the status stands only in its message. */
function classifyNetwork(error: unknown, method: string): ClassifiedError {
  const status = /^Server error (\d{3}) /.exec(errorMessage(error))?.[1];
  if (status !== undefined) {
    const message = `Telegram's gateway answered ${method} with ${status}`;
    return describeError("server", message, { status: Number(status) });
  }
  // The library's own error has a code too (EFETCH); the one that tells something is the cause's.
  const cause = error instanceof NetworkError ? error.cause : error;
  const systemCode = systemErrorCode(cause);
  const why = systemCode ?? (cause === undefined ? "no reason given" : errorMessage(cause));
  return describeError(
    "network",
    `Telegram cannot be reached for ${method} (${why})`,
    systemCode === undefined ? {} : { systemCode },
  );
}

/** The library reads `.ok` of whatever JSON came; on `null` that is a raw TypeError. */
function isReadOfNothing(thrown: unknown): boolean {
  return thrown instanceof TypeError && /of (null|undefined) \(reading 'ok'\)/.test(thrown.message);
}

function isConnectionCode(code: string | undefined): boolean {
  return (
    code !== undefined &&
    /^(ECONN|ENET|EHOST|EADDR|EAI_|ENOTFOUND|ETIMEDOUT|EPIPE|EPROTO)/.test(code)
  );
}

/** An error that was noticed rather than thrown. Tokens in the message are redacted. */
export function describeError(
  kind: ErrorKind,
  message: string,
  facts: Partial<
    Pick<ClassifiedError, "waitMs" | "status" | "systemCode" | "migrateToChatId">
  > = {},
): ClassifiedError {
  return { kind, ...errorKinds[kind], message: redact(message), ...facts };
}
