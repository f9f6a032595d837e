import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Context } from "../../../shared/telegram/bot-api.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import type { AgentCatalogue } from "../agents/catalogue.ts";
import type { TelegramChat } from "../chat/telegram-chat.ts";
import type { Words } from "../chat/words.ts";
import type { SessionPlace } from "../sessions/ports.ts";
import type { Session } from "../sessions/session.ts";
import type { Sessions } from "../sessions/sessions.ts";

export interface CommandDeskParts {
  readonly context: Pick<BotContext, "answer" | "handlingOf" | "botId" | "log"> & {
    readonly outbox: {
      readonly migrated: { resolve(chatId: number | string): number | string };
    };
  };
  readonly sessions: Sessions;
  readonly chat: TelegramChat;
  readonly catalogue: AgentCatalogue;
  readonly clock: Clock;
}

export const noSession = "No active session. Use /new <name> to start one.";

/** What a command or a button has at hand. */
export class CommandDesk {
  readonly sessions: Sessions;
  readonly chat: TelegramChat;
  readonly catalogue: AgentCatalogue;
  readonly clock: Clock;
  readonly log: Log;
  private readonly context: CommandDeskParts["context"];

  constructor({ context, sessions, chat, catalogue, clock }: CommandDeskParts) {
    this.context = context;
    this.log = context.log;
    this.sessions = sessions;
    this.chat = chat;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /** Where it belongs to now: a group may have become a supergroup. @throws Error for an update without a chat */
  placeOf(ctx: Context): SessionPlace {
    const place = this.standsAt(ctx);
    return { ...place, chatId: Number(this.context.outbox.migrated.resolve(place.chatId)) };
  }

  /** Where its message stands, for ever. @throws Error for an update without a chat */
  standsAt({ update }: Context): SessionPlace {
    const { chatId, topicId } = conversationOf(update);
    if (chatId === undefined) throw new Error("an update without a chat has no session");
    return topicId === undefined ? { chatId } : { chatId, topicId };
  }

  /** The session that hears what is said here; where there is none, says how to get one. */
  async activeSession(ctx: Context): Promise<Session | undefined> {
    const session = this.sessions.active(this.placeOf(ctx));
    if (session === undefined) await this.reply(ctx, { markdown: noSession });
    return session;
  }

  /** An answer to the update; once, also when it is handled again after a crash. */
  async reply(ctx: Context, { markdown, keyboard }: Words): Promise<void> {
    await this.context.answer(ctx, markdown, keyboard);
  }

  /** The same, before everything else that waits to be sent. */
  async replyFirst(ctx: Context, { markdown, keyboard }: Words): Promise<void> {
    await this.context.answer(ctx, markdown, keyboard, "urgent");
  }

  /** Names the update among those of the token. */
  messageId(ctx: Context): string {
    return `${this.context.botId}/${ctx.update.update_id}`;
  }

  /** Aborts when the handling of the update is given up, and when the bot stops. */
  signalOf(ctx: Context): AbortSignal {
    return this.context.handlingOf(ctx).signal;
  }

  /** So that a stop is never repeated by the start after it. */
  async handledNow(ctx: Context): Promise<void> {
    await this.context.handlingOf(ctx).handledNow();
  }
}
