import { errorMessage } from "../../../shared/errors.ts";
import type { MethodResult } from "../methods/call/method.ts";
import { TelegramError } from "../methods/call/telegram-error.ts";

/** An HTTP answer of the Bot API, ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The description, where it is an error. */
  readonly error?: string;
  readonly retryAfterSeconds?: number;
}

export function okAnswer(result: MethodResult): Answer {
  if ("json" in result) return { status: 200, body: `{"ok":true,"result":${result.json}}` };
  const { value, description } = result;
  const body = JSON.stringify({ ok: true, result: value, ...(description && { description }) });
  return { status: 200, body };
}

export function errorAnswer(error: TelegramError): Answer {
  const { code, message, parameters } = error;
  const retryAfter = parameters?.retry_after;
  return {
    status: code,
    body: JSON.stringify({
      ok: false,
      error_code: code,
      description: message,
      ...(parameters === undefined ? {} : { parameters }),
    }),
    error: message,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
}

/** A fault of the sandbox itself: never Telegram's words, so that nobody takes it for one. */
export function internalError(thrown: unknown): Answer {
  return errorAnswer(
    new TelegramError(500, `Internal Server Error: sandbox: ${errorMessage(thrown)}`),
  );
}
