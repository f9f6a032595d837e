import type { Clock } from "../../clock.ts";
import type { BotSettings } from "../../config/bot-settings.ts";
import { AccessGate, type Refusal } from "../../dispatch/access.ts";
import { readCallbackData } from "../../dispatch/callback-tag.ts";
import type { HandlingContext, UpdateHandler } from "../../dispatch/handling.ts";
import type { Log } from "../../logger.ts";
import type { Outbox } from "../../outbound/outbox/outbox.ts";
import type { Bot, Context, Update } from "../../telegram/bot-api.ts";
import { conversationOf } from "../../telegram/conversation.ts";
import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import { classifyError } from "../../telegram/error-classifier.ts";
import type { BotDefinition } from "../define-bot.ts";

export interface UpdateHandlingParts {
  readonly definition: BotDefinition;
  readonly settings: BotSettings;
  readonly bot: Bot;
  readonly outbox: Outbox;
  readonly onError: (error: ClassifiedError) => void;
  /** Somebody who is not on the allowlist wanted something. */
  readonly onStranger: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

const refusalText =
  "You are not on this bot's allowlist. If you should be, ask its operator to add your user id to TG_ALLOWED_USERS.";

/** The last step of an update: access, then the bot's own handlers. */
export class UpdateHandling {
  private readonly parts: UpdateHandlingParts;
  private readonly gate: AccessGate;
  private readonly contexts = new WeakMap<Update, HandlingContext>();

  constructor(parts: UpdateHandlingParts) {
    this.parts = parts;
    const { definition, settings, onStranger, clock } = parts;
    const users = new Set(settings.allowedUsers);
    const policy =
      definition.access === "open"
        ? ({ kind: "open" } as const)
        : ({ kind: "allowlist", users, chats: new Set<number>() } as const);
    const answer = (refusal: Refusal): void => void this.answer(refusal);
    this.gate = new AccessGate({ policy, clock, onRefused: onStranger, answer });
  }

  readonly handle: UpdateHandler = async (record, context) => {
    const { bot, outbox, onError } = this.parts;
    if (!this.gate.admit(record.update)) return;
    const update = withoutTag(record.update);
    this.contexts.set(update, context);
    const { chatId } = conversationOf(update);
    // Whoever writes to us has not blocked us (any more).
    if (chatId !== undefined) outbox.heardFrom(chatId);
    try {
      await bot.handleUpdate(update);
    } catch (error) {
      onError(classifyError(error, "handler"));
      throw error;
    }
  };

  /** @throws Error for a context that does not come from here */
  readonly contextOf = (ctx: Context): HandlingContext => {
    const context = this.contexts.get(ctx.update);
    if (context === undefined)
      throw new Error("this context does not belong to an update that is being handled");
    return context;
  };

  private async answer({ userId, chatId, topicId, callbackQueryId }: Refusal): Promise<void> {
    const { bot, log } = this.parts;
    log.info("somebody who is not on the allowlist was refused", { userId });
    try {
      if (callbackQueryId !== undefined) {
        await bot.api.answerCallbackQuery({
          callback_query_id: callbackQueryId,
          text: refusalText,
          show_alert: true,
        });
      } else if (chatId !== undefined) {
        await bot.api.sendMessage({
          chat_id: chatId,
          text: refusalText,
          ...(topicId === undefined ? {} : { message_thread_id: topicId }),
        });
      }
    } catch (error) {
      log.warn("a refusal could not be told", { error });
      this.parts.onError(classifyError(error, "sendMessage"));
    }
  }
}

/** A button's data as its bot gave it: on a shared token the runtime had put a tag before it. */
function withoutTag(update: Update): Update {
  if (!("callback_query" in update)) return update;
  const query = update.callback_query;
  if (query.data === undefined) return update;
  return { ...update, callback_query: { ...query, data: readCallbackData(query.data).data } };
}
