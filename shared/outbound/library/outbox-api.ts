import { OperationError } from "../../errors.ts";
import { Api, type Bot, type Update } from "../../telegram/bot-api.ts";
import { kindOfMethod } from "../delivery/method-kind.ts";
import type { Outbox } from "../outbox/outbox.ts";
import {
  type CallParams,
  type Cause,
  type OutboundItem,
  type Outcome,
  placeOf,
  type TelegramCall,
} from "../queue/item.ts";
import { AnswerScope } from "./answer-scope.ts";

/** A call of a bot's own code that the outbox did not bring to an end: dropped, or left for the next start. */
export class NotSentError extends OperationError {}

/**
 * The library's Api with the outbox as its transport: `ctx.reply` and every `bot.api.*` take the one door. A send
 * resolves when Telegram has it. Where Telegram refuses, the error is the library's own, as if it were called directly.
 */
class OutboxApi extends Api {
  private readonly outbox: Outbox;
  private readonly scope: AnswerScope | undefined;

  constructor(outbox: Outbox, scope?: AnswerScope) {
    // The library wants a token; its transport is never used.
    super("outbox");
    this.outbox = outbox;
    this.scope = scope;
  }

  /** Resolves when the call is the outbox's business. */
  async handOver(call: TelegramCall): Promise<void> {
    await this.outbox.enqueue(itemOf(call, this.scope)).accepted;
  }

  protected override async request<R>(
    method: string,
    params: Record<string, unknown> = {},
    signal?: AbortSignal,
  ): Promise<R> {
    const call = { method, params };
    const item = itemOf(call, this.scope, signal);
    const { outcome } = this.outbox.enqueue(item);
    const ended = await outcome;
    // Progress may be dropped at any time; a handler must not fail for a typing action that came too late.
    const isProgress = item.kind === "edit" || item.kind === "action";
    const result =
      isProgress && ended.state === "dropped" && ended.reason !== "cancelled"
        ? true
        : resultOf(ended, call);
    // What a method gives is between Telegram and the caller, as in the library.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return result as R;
  }
}

/**
 * Puts the outbox in the place of the bot's own Api, for everything that uses the bot from now on. Call it before any
 * handler is added: what a handler sends by its `ctx` belongs to the update, and an update that is handled again after a
 * crash sends the same message once. What it sends by `bot.api` belongs to nothing.
 * @param causeOf the update that is handled, and which attempt at it this is
 */
export function routeThroughOutbox(
  bot: Bot,
  outbox: Outbox,
  botId: number,
  causeOf: (update: Update) => Cause = ({ update_id }) => ({ updates: [update_id] }),
): void {
  // Written once in the library's constructor and read at every use.
  Object.defineProperty(bot, "api", { value: new OutboxApi(outbox), enumerable: true });
  bot.use((ctx, next) => {
    const { update } = ctx;
    const scope = new AnswerScope(`update ${botId}/${update.update_id}`, causeOf(update));
    Object.defineProperty(ctx, "api", { value: new OutboxApi(outbox, scope), enumerable: true });
    return next();
  });
}

/**
 * A message for which nobody needs to wait: resolves when it is written down, not when Telegram has it, and however the
 * delivery ends is told by the outbox. By the Api of a context it belongs to its update, as everything that a handler
 * sends.
 * @throws AnswerNotStoredError while the disk refuses; TypeError for an Api that has no outbox
 */
export async function handOver(api: Api, method: string, params: CallParams): Promise<void> {
  if (!(api instanceof OutboxApi)) throw new TypeError("this Api has no outbox behind it");
  await api.handOver({ method, params });
}

function itemOf(call: TelegramCall, scope?: AnswerScope, signal?: AbortSignal): OutboundItem {
  const { method, params } = call;
  const cancellable = signal === undefined ? {} : { signal };
  const kind = kindOfMethod(method, params);
  if (kind === "answer") {
    const answerId = scope?.idOf(call);
    const identity = answerId === undefined ? {} : { answerId };
    const behalf = scope === undefined ? {} : { cause: scope.cause };
    return { kind, method, params, ...identity, ...behalf, ...cancellable };
  }
  if (kind === "edit") {
    const place = placeOf(params);
    // An inline message has no chat of ours.
    if (place === undefined) return { kind: "call", method, params, ...cancellable };
    const compose = (): TelegramCall => call;
    return { kind, key: messageKey(params), variant: method, place, compose, ...cancellable };
  }
  return { kind, method, params, ...cancellable };
}

function messageKey(params: CallParams): string {
  const { chat_id: chat, message_id: message, draft_id: draft } = params;
  return `message ${JSON.stringify([chat, message, draft])}`;
}

function resultOf(outcome: Outcome, call: TelegramCall): unknown {
  const { method } = call;
  if (outcome.state === "sent") {
    return outcome.result ?? rememberedMessage(call, outcome.messageIds);
  }
  if (outcome.state === "failed") throw outcome.error;
  throw new NotSentError(
    outcome.state === "kept"
      ? `${method} is written down and is sent at the next start.`
      : `${method} was not sent (${outcome.reason}).`,
  );
}

/** Methods that make several messages by themselves. */
const makesSeveral = /MediaGroup$|Messages$/;

/**
 * An answer that an earlier life has sent, or that went in parts: ids are all that is left of it. Of parts it is the
 * last, which has the keyboard; 0 stands for an id that nobody knows, as in Telegram.
 */
function rememberedMessage(
  { method, params }: TelegramCall,
  messageIds: readonly number[],
): unknown {
  const messages = (messageIds.length === 0 ? [0] : messageIds).map((id) => ({
    message_id: id,
    date: 0,
    chat: { id: params["chat_id"] },
  }));
  return makesSeveral.test(method) ? messages : messages.at(-1);
}
