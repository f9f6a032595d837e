import { accessPath } from "../../access/access-file.ts";
import { PairedPeople } from "../../access/paired-people.ts";
import type { Clock } from "../../clock.ts";
import type { BotSettings } from "../../config/bot-settings.ts";
import type { Chronicle } from "../../contract/chronicle/chronicle.ts";
import { AccessGate, type Refusal } from "../../dispatch/access.ts";
import { readCallbackData } from "../../dispatch/callback-tag.ts";
import type { HandlingContext, UpdateHandler } from "../../dispatch/handling.ts";
import type { Log } from "../../logger.ts";
import type { Outbox } from "../../outbound/outbox/outbox.ts";
import type { CallParams } from "../../outbound/queue/item.ts";
import type { Bot, Context, Update } from "../../telegram/bot-api.ts";
import { conversationOf, userOf } from "../../telegram/conversation.ts";
import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import { classifyError } from "../../telegram/error-classifier.ts";
import { type Migration, migrationOf } from "../../telegram/migration.ts";
import type { BotDefinition } from "../define-bot.ts";
import type { Causes } from "../sending/causes.ts";
import { PairingDesk } from "./pairing-desk.ts";

export interface UpdateHandlingParts {
  readonly definition: BotDefinition;
  /** Every bot on this token, this one included. */
  readonly tokenBots: readonly BotDefinition[];
  readonly settings: BotSettings;
  readonly bot: Bot;
  readonly outbox: Outbox;
  readonly causes: Causes;
  readonly chronicle: Pick<Chronicle, "note">;
  readonly onError: (error: ClassifiedError) => void;
  readonly followMigration: (migration: Migration) => Promise<void>;
  /** Somebody who is not on the allowlist wanted something. */
  readonly onStranger: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

const refusalOf = (userId: number): string =>
  `You are not on this bot's allowlist. If you should be, ask its operator for a pairing code, or to add your user id ${userId} to TG_ALLOWED_USERS.`;

/** The last step of an update: access, then the bot's own handlers. */
export class UpdateHandling {
  private readonly parts: UpdateHandlingParts;
  /** Whether somebody is on the allowlist, or was let in by a pairing code. */
  readonly isAllowed: (userId: number) => boolean;
  private readonly gate: AccessGate;
  private readonly pairing: PairingDesk;
  private readonly contexts = new WeakMap<Update, HandlingContext>();

  constructor(parts: UpdateHandlingParts) {
    this.parts = parts;
    const { definition, settings, tokenBots, onStranger, clock, log } = parts;
    const { stateDir } = settings;
    const listed = new Set(settings.allowedUsers);
    const paired = new PairedPeople(accessPath(stateDir, settings.name), log);
    const isAllowed = (userId: number): boolean => listed.has(userId) || paired.has(userId);
    this.isAllowed = isAllowed;
    const policy =
      definition.access === "open"
        ? ({ kind: "open" } as const)
        : ({
            kind: "allowlist",
            users: { has: isAllowed },
            chats: { has: (chatId: number) => this.isListed(chatId) },
          } as const);
    const bots = tokenBots.filter(({ access }) => access === "allowlist").map(({ name }) => name);
    this.pairing = new PairingDesk({ stateDir, bots, isAllowed, clock, log });
    const answer = (refusal: Refusal): void => void this.answer(refusal);
    this.gate = new AccessGate({ policy, clock, onRefused: onStranger, answer });
  }

  readonly handle: UpdateHandler = async (record, context) => {
    const { bot, outbox, causes, onError } = this.parts;
    // Whoever caused it: where the chat is now is a fact.
    const migration = migrationOf(record.update);
    if (migration !== undefined) return this.parts.followMigration(migration);
    if (await this.pairs(record.update)) return;
    if (!this.gate.admit(record.update)) {
      this.noteRefused(record.update);
      return;
    }
    const update = withoutTag(record.update);
    causes.handling(update, context.attempt);
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

  /** Whether it comes from somebody who may use the bot. */
  lets(update: Update): boolean {
    return this.gate.lets(update);
  }

  /** A chat of the configuration; a group that has become a supergroup is the same chat. */
  private isListed(chatId: number): boolean {
    const { settings, outbox } = this.parts;
    return settings.allowedChats.some(
      (listed) => listed === chatId || outbox.migrated.resolve(listed) === chatId,
    );
  }

  /** @throws Error for a context that does not come from here */
  readonly contextOf = (ctx: Context): HandlingContext => {
    const context = this.contexts.get(ctx.update);
    if (context === undefined)
      throw new Error("this context does not belong to an update that is being handled");
    return context;
  };

  /** Whether the update was a `/pair`, which is open to strangers and dealt with here. */
  private async pairs(update: Update): Promise<boolean> {
    const answer = await this.pairing.answer(update);
    if (answer === undefined) return false;
    const { chatId } = conversationOf(update);
    if (answer !== null && chatId !== undefined) {
      this.parts.outbox.heardFrom(chatId);
      await this.tell(update.update_id, { chat_id: chatId, text: answer });
    }
    return true;
  }

  private noteRefused(update: Update): void {
    const { chronicle, clock } = this.parts;
    const user = userOf(update);
    const who = user === undefined ? {} : { user };
    chronicle.note({ t: "refused", at: clock.now(), u: update.update_id, ...who });
  }

  private async answer(refusal: Refusal): Promise<void> {
    const { updateId, userId, chatId, topicId, callbackQueryId } = refusal;
    const { bot, log } = this.parts;
    log.info("somebody who is not on the allowlist was refused", { userId });
    const text = refusalOf(userId);
    if (callbackQueryId === undefined) {
      const topic = topicId === undefined ? {} : { message_thread_id: topicId };
      if (chatId !== undefined) await this.tell(updateId, { chat_id: chatId, text, ...topic });
      return;
    }
    const press = { callback_query_id: callbackQueryId, text, show_alert: true };
    await this.attempt("answerCallbackQuery", bot.api.answerCallbackQuery(press));
  }

  private async tell(updateId: number, params: CallParams): Promise<void> {
    const method = "sendMessage";
    const cause = { updates: [updateId] };
    const { accepted } = this.parts.outbox.enqueue({ kind: "answer", method, params, cause });
    // Only written down: a stranger's chat that is silent for long must not hold up the update, nor repeat it.
    await this.attempt(method, accepted);
  }

  /** What a stranger hears is no reason to handle the update again. */
  private async attempt(method: string, call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      this.parts.log.warn("a stranger could not be answered", { error });
      this.parts.onError(classifyError(error, method));
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
