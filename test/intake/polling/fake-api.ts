import type { PollApi, PollParams } from "../../../shared/intake/polling/poller-deps.ts";
import { TelegramApiError, type WebhookInfo } from "../../../shared/telegram/bot-api.ts";

/** One answer to a getUpdates: a value, an error, or parking until the test or the signal ends it. */
export type Answer = "park" | Error | { readonly result: unknown };

export const refused = (code: number, description: string, retryAfter?: number): TelegramApiError =>
  new TelegramApiError(
    code,
    description,
    retryAfter === undefined ? {} : { retry_after: retryAfter },
  );
export const conflict = (): TelegramApiError =>
  refused(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  );
export const webhookActive = (): TelegramApiError =>
  refused(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  );

/** A Bot API without a network: answers as scripted, then parks. Keeps count of polls that run at one time. */
export class FakePollApi implements PollApi {
  readonly calls: string[] = [];
  readonly polls: PollParams[] = [];
  /** Answers of the next getUpdates calls. */
  script: Answer[] = [];
  webhookUrl = "";
  /** What getMe, getWebhookInfo and deleteWebhook fail with, while set. */
  failing: Error | undefined;
  running = 0;
  mostRunning = 0;
  private parked: ((answer: unknown) => void) | undefined;

  async getUpdates(params: PollParams, signal: AbortSignal): Promise<unknown> {
    this.calls.push("getUpdates");
    this.polls.push(params);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      const answer = this.script.shift() ?? "park";
      if (answer === "park") return await this.park(signal);
      if (answer instanceof Error) throw answer;
      return answer.result;
    } finally {
      this.running -= 1;
    }
  }

  /** Ends the parked call. */
  unpark(result: unknown): void {
    this.parked?.(result);
  }

  async getMe(): Promise<unknown> {
    return this.answer("getMe", {});
  }

  async getWebhookInfo(): Promise<WebhookInfo> {
    const url = this.webhookUrl;
    return this.answer("getWebhookInfo", {
      url,
      has_custom_certificate: false,
      pending_update_count: 3,
    });
  }

  async deleteWebhook(): Promise<unknown> {
    const answer = this.answer("deleteWebhook", true);
    this.webhookUrl = "";
    return answer;
  }

  private answer<T>(method: string, value: T): T {
    this.calls.push(method);
    if (this.failing !== undefined) throw this.failing;
    return value;
  }

  private park(signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      this.parked = (answer) => {
        signal.removeEventListener("abort", onAbort);
        resolve(answer);
      };
    });
  }
}
