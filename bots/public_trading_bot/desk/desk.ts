import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Clock } from "../../../shared/clock.ts";
import { OperationError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Context, InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Assets, Market } from "../market/market.ts";
import type { TradingOptions } from "../options.ts";
import { paperMark } from "../pages/paper-mark.ts";
import type { CommandRate } from "./command-rate.ts";
import type { Quotes } from "./quotes.ts";

export interface DeskParts {
  readonly market: Market;
  readonly ledger: Ledger;
  readonly quotes: Quotes;
  readonly rate: CommandRate;
  readonly options: TradingOptions;
  /** Of the token: update ids mean nothing without it. */
  readonly botId: () => number;
  readonly telegram: Pick<BotContext, "answer" | "answerAt" | "editAt">;
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the handlers of this bot share. Everything it says is marked as paper. */
export class Desk {
  readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** `<bot id>/<update id>`: the same for the same update, also after a crash. */
  idOf(ctx: Context): string {
    return `${this.parts.botId()}/${ctx.update.update_id}`;
  }

  startCash({ cash }: Assets): bigint {
    return this.parts.options.startingCash * 10n ** BigInt(cash.decimals);
  }

  say(ctx: Context, text: string): Promise<void> {
    return this.parts.telegram.answer(ctx, this.marked(text));
  }

  /** Once for this update, also where it is handled again after a crash. */
  async ask(ctx: Context, text: string, keyboard: InlineKeyboardMarkup): Promise<void> {
    const place = placeOf(ctx);
    await this.parts.telegram.answerAt(place, this.idOf(ctx), this.marked(text), keyboard, ctx);
  }

  /** Puts the answer to a pressed button in the place of the question, once per key. */
  async settle(ctx: Context, key: string, text: string): Promise<void> {
    const messageId = ctx.callbackQuery?.message?.message_id;
    if (messageId === undefined) return this.say(ctx, text);
    const { telegram } = this.parts;
    await telegram.editAt(placeOf(ctx), messageId, key, this.marked(text), undefined, ctx);
  }

  /** Ends the waiting of a pressed button. It may be too late for that, which is nobody's fault. */
  async hear(ctx: Context, text = ""): Promise<void> {
    try {
      await ctx.answerCallbackQuery(text === "" ? {} : { text, show_alert: true });
    } catch (error) {
      this.parts.log.debug("a press could not be acknowledged", { error });
    }
  }

  private marked(text: string): string {
    return `${paperMark(this.parts.market.chain)}\n\n${text}`;
  }
}

function placeOf(ctx: Context) {
  const { chatId, topicId } = conversationOf(ctx.update);
  if (chatId === undefined) throw new OperationError("This update has no chat to answer in.");
  return { chatId, ...(topicId === undefined ? {} : { topicId }) };
}
