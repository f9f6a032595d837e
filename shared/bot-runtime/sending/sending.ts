import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import type { EquippedBot } from "../../config/bot-settings.ts";
import type { Chronicle } from "../../contract/chronicle/chronicle.ts";
import type { Log } from "../../logger.ts";
import { RichSupport } from "../../outbound/forms/rich-support.ts";
import { splitCall } from "../../outbound/forms/split-call.ts";
import { routeThroughOutbox } from "../../outbound/library/outbox-api.ts";
import { callThrough } from "../../outbound/library/telegram-call.ts";
import { openOutbox } from "../../outbound/outbox/open-outbox.ts";
import type { Outbox } from "../../outbound/outbox/outbox.ts";
import type { ChatPaces } from "../../outbound/pacing/chat-paces.ts";
import type { PacedBudget } from "../../outbound/pacing/send-budget.ts";
import type { Bot } from "../../telegram/bot-api.ts";
import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import { type TelegramFiles, telegramFiles } from "../../telegram/files/telegram-files.ts";
import type { Migration } from "../../telegram/migration.ts";
import { AnswerForms } from "./answer-forms.ts";
import { Causes } from "./causes.ts";
import { GoneTopics } from "./gone-topics.ts";
import { LiveTexts } from "./live-texts.ts";
import { MarkdownAnswers } from "./markdown-answers.ts";
import { MessageNotes } from "./message-notes.ts";
import { PlainChats } from "./plain-chats.ts";
import { buildBot } from "./telegram-bot.ts";

export interface SendingDeps {
  readonly equipped: EquippedBot;
  /** On a shared token, for all but the default bot. */
  readonly tagsButtons: boolean;
  readonly budget: PacedBudget;
  /** Told what other bots of the token send. */
  readonly paces: ChatPaces;
  /** Of the stop, while it opens. */
  readonly signal: AbortSignal;
  readonly onError: (error: ClassifiedError) => void;
  readonly chronicle: Pick<Chronicle, "note">;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The sending half of a bot: the library's Bot, whose Api takes the one door, and that door. */
export interface Sending {
  readonly bot: Bot;
  readonly outbox: Outbox;
  readonly answers: MarkdownAnswers;
  readonly causes: Causes;
  readonly files: TelegramFiles;
  readonly live: LiveTexts;
  /** Turns rich messages of a chat on or off, for good. */
  readonly setRich: (chatId: number, on: boolean) => Promise<void>;
  readonly goneTopics: GoneTopics;
  /** An update told of it. On the disk when it resolves. @throws the system's error when it cannot be written down */
  readonly followMigration: (migration: Migration) => Promise<void>;
  /** Sends what waits, for so long; the rest is written down and sent at the next start. */
  close(deadlineMs: number): Promise<void>;
}

/**
 * Begins with what an earlier life left unsent.
 * @throws AnswerNotStoredError when the disk does not let us; the reason of the signal
 */
export async function openSending({
  equipped,
  tagsButtons,
  budget,
  paces,
  signal,
  onError,
  chronicle,
  clock,
  random,
  log,
}: SendingDeps): Promise<Sending> {
  const { settings } = equipped;
  const { bot, close } = buildBot(equipped, tagsButtons);
  try {
    const rich = new RichSupport();
    const causes = new Causes();
    const notes = new MessageNotes(chronicle, clock);
    const folder = join(settings.stateDir, "outbox", settings.name);
    const goneTopics = new GoneTopics();
    const plainChats = await PlainChats.open(join(folder, "plain-chats.json"), log);
    const outbox = await openOutbox({
      stateDir: settings.stateDir,
      bot: settings.name,
      botId: settings.botId,
      send: rich.watch(callThrough(bot.api)),
      split: (call) => splitCall(call, settings.answers),
      budget,
      paces,
      signal,
      hooks: { onError, onTopicGone: goneTopics.note, onMessageEnded: notes.ended },
      clock,
      random,
      log,
    });
    routeThroughOutbox(bot, outbox, settings.botId, causes.of);
    const whereIs = outbox.migrated.resolve.bind(outbox.migrated);
    const forms = new AnswerForms({ config: settings.answers, rich, plainChats, whereIs });
    const live = new LiveTexts({ outbox, forms, onGrowing: notes.growing, clock, random, log });
    return {
      bot,
      outbox,
      answers: new MarkdownAnswers(settings.botId, outbox, forms, causes),
      causes,
      live,
      goneTopics,
      files: telegramFiles({
        api: () => bot.api,
        apiRoot: settings.apiRoot,
        token: equipped.token,
        clock,
      }),
      setRich: (chatId, on) => plainChats.set(chatId, !on),
      async followMigration({ oldId, newId }) {
        outbox.migrated.remember(oldId, newId);
        await outbox.migrated.saved();
        await plainChats.move(oldId, newId);
      },
      async close(deadlineMs) {
        live.close();
        try {
          await outbox.close(deadlineMs);
        } finally {
          close();
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
