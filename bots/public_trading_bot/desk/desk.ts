import { markedAnswers, type Voice } from "../../../shared/bot-runtime/sending/marked-answers.ts";
import type { Clock } from "../../../shared/clock.ts";
import { OperationError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Context, InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Assets, Market } from "../market/market.ts";
import type { TradingOptions } from "../options.ts";
import { paperMark, paperPopUp } from "../pages/paper-mark.ts";
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
  readonly telegram: Voice;
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the handlers of this bot share. Everything it says is marked as paper. */
export class Desk {
  readonly parts: DeskParts;
  private readonly voice: Voice;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.voice = markedAnswers(parts.telegram, paperMark(parts.market.chain));
  }

  /** `<bot id>/<update id>`: the same for the same update, also after a crash. */
  idOf(ctx: Context): string {
    return `${this.parts.botId()}/${ctx.update.update_id}`;
  }

  startCash({ cash }: Assets): bigint {
    return this.parts.options.startingCash * 10n ** BigInt(cash.decimals);
  }

  say(ctx: Context, text: string): Promise<void> {
    return this.voice.answer(ctx, text);
  }

  /** Once for this update, also where it is handled again after a crash. */
  async ask(ctx: Context, text: string, keyboard: InlineKeyboardMarkup): Promise<void> {
    const place = placeOf(ctx);
    await this.voice.answerAt(place, this.idOf(ctx), text, keyboard, ctx);
  }

  /**
   * Puts the answer to a pressed button in the place of the question, once per key and message: after a crash the question
   * may stand there twice.
   */
  async settle(ctx: Context, key: string, text: string): Promise<void> {
    const messageId = ctx.callbackQuery?.message?.message_id;
    if (messageId === undefined) return this.say(ctx, text);
    await this.voice.editAt(placeOf(ctx), messageId, `${key} ${messageId}`, text, undefined, ctx);
  }

  /** Ends the waiting of a pressed button. It may be too late for that, which is nobody's fault. */
  async hear(ctx: Context, text = ""): Promise<void> {
    try {
      const { chain } = this.parts.market;
      const popUp = text === "" ? {} : { text: paperPopUp(chain, text), show_alert: true };
      await ctx.answerCallbackQuery(popUp);
    } catch (error) {
      this.parts.log.debug("a press could not be acknowledged", { error });
    }
  }
}

function placeOf(ctx: Context) {
  const { chatId, topicId } = conversationOf(ctx.update);
  if (chatId === undefined) throw new OperationError("This update has no chat to answer in.");
  return { chatId, ...(topicId === undefined ? {} : { topicId }) };
}
