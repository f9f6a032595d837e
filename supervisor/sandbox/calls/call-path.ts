import { TelegramError } from "../methods/call/telegram-error.ts";

export interface CallPath {
  readonly token: string;
  readonly method: string;
}

const maxTokenLength = 80;

/** `/bot<token>/<method>`; undefined for anything else, which Telegram answers with 404 `Not Found`. */
export function parseCallPath(path: string): CallPath | undefined {
  const match = /^\/bot([^/]*)\/(.*)$/.exec(path);
  if (match === null) return undefined;
  const [, token = "", method = ""] = match;
  return { token: decode(token), method };
}

/** @throws TelegramError 401 for what cannot be a token */
export function checkTokenForm(token: string): void {
  const wellFormed = /^[1-9]\d{0,15}:.+$/.test(token) && token.length <= maxTokenLength;
  if (!wellFormed) throw new TelegramError(401, "Unauthorized: invalid token specified");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
