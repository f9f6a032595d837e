import type { SendPort } from "../../../shared/outbound/delivery/ports.ts";
import type { CallParams } from "../../../shared/outbound/queue/item.ts";
import { NetworkError, TelegramApiError, TimeoutError } from "../../../shared/telegram/bot-api.ts";
import type { ManualClock } from "../../support/manual-clock.ts";

export interface SeenCall {
  readonly method: string;
  readonly params: CallParams;
  readonly atMs: number;
}

type Trouble = Error | ((call: SeenCall) => Error | undefined);

/** The other end of the send port. Every call that arrives is seen; what it answers can be arranged. */
export class FakeTelegram {
  readonly calls: SeenCall[] = [];
  /** How long Telegram takes to answer. */
  latencyMs = 0;
  private readonly clock: ManualClock;
  private readonly troubles: Trouble[] = [];
  private rule: ((call: SeenCall) => Error | undefined) | undefined;
  private lastMessageId = 100;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  readonly send: SendPort = async (method, params, signal) => {
    const call = { method, params, atMs: this.clock.monotonic() };
    this.calls.push(call);
    if (this.latencyMs > 0) await this.clock.sleep(this.latencyMs, signal);
    signal.throwIfAborted();
    const arranged = this.troubles.shift();
    const trouble = typeof arranged === "function" ? arranged(call) : arranged;
    const error = trouble ?? this.rule?.(call);
    if (error !== undefined) throw error;
    if (/^(send|copy|forward)/.test(method) && !/Draft$|ChatAction$/.test(method)) {
      this.lastMessageId += 1;
      return { message_id: this.lastMessageId, chat: { id: params["chat_id"] }, date: 0 };
    }
    if (method.startsWith("editMessage")) return { message_id: params["message_id"] };
    return true;
  };

  /** The next calls end like this, one after the other. */
  next(...troubles: Trouble[]): void {
    this.troubles.push(...troubles);
  }

  /** Every call is asked; the error it returns is thrown. */
  always(rule: ((call: SeenCall) => Error | undefined) | undefined): void {
    this.rule = rule;
  }

  texts(chatId?: number): string[] {
    return this.calls
      .filter(({ params }) => chatId === undefined || params["chat_id"] === chatId)
      .map(({ method, params: { text } }) => (typeof text === "string" ? text : method));
  }
}

export function flood(seconds: number): TelegramApiError {
  return new TelegramApiError(429, `Too Many Requests: retry after ${seconds}`, {
    retry_after: seconds,
  });
}

export function refusal(description: string, status = 400): TelegramApiError {
  return new TelegramApiError(status, description);
}

export function migratedTo(chatId: number): TelegramApiError {
  return new TelegramApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", {
    migrate_to_chat_id: chatId,
  });
}

export function network(code: string): NetworkError {
  return new NetworkError("Network request failed", {
    cause: Object.assign(new Error(code), { code }),
  });
}

export const timeout = (): TimeoutError => new TimeoutError("Request timed out");
