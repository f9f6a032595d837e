import { backoffMs } from "../../backoff.ts";
import type { Clock } from "../../clock.ts";
import { TokenRefusedError } from "../../errors.ts";
import type { Api, User } from "../bot-api.ts";
import { type ClassifiedError, classifyError } from "../error-classifier.ts";

/** The same curve as the poller's for broken networks (facts: full jitter, 0.5 s -> 30 s). */
const retryPolicy = { baseMs: 500, capMs: 30_000 };

export interface MeetingDeps {
  readonly botId: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Every call that failed. */
  readonly onError: (error: ClassifiedError) => void;
  /** It is tried again after a pause; why, in words for an operator. */
  readonly onWait: (reason: string) => void;
}

/**
 * Asks Telegram who we are, again and again while it cannot be reached.
 * @throws TokenRefusedError where Telegram does not accept the token; the signal's reason
 */
export function meetTelegram(
  deps: MeetingDeps & { readonly api: Api },
  signal: AbortSignal,
): Promise<User> {
  return askTelegram(deps, "getMe", () => deps.api.getMe(signal), signal);
}

/**
 * Calls until there is an answer: for what must be settled before a bot can work.
 * @param method the Bot API method that `call` uses
 * @throws TokenRefusedError where Telegram does not accept the token; the signal's reason
 */
export async function askTelegram<Answer>(
  deps: MeetingDeps,
  method: string,
  call: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      const classified = classifyError(error, method);
      deps.onError(classified);
      if (classified.kind === "auth") {
        throw new TokenRefusedError(
          `Telegram refused the token of bot ${deps.botId} (${classified.message}). Check it with @BotFather and start again.`,
        );
      }
      deps.onWait(classified.message);
      await deps.clock.sleep(
        classified.waitMs ?? backoffMs(retryPolicy, attempt, deps.random),
        signal,
      );
    }
  }
}
