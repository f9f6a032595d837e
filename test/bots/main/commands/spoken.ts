import type { AgentCatalogue } from "../../../../bots/main/agents/catalogue.ts";
import { PlacedFile } from "../../../../bots/main/chat/placed-file.ts";
import { TelegramChat } from "../../../../bots/main/chat/telegram-chat.ts";
import { CommandDesk } from "../../../../bots/main/commands/command-desk.ts";
import { sessionCommands } from "../../../../bots/main/commands/table.ts";
import type { SessionPlace } from "../../../../bots/main/sessions/ports.ts";
import type { LiveTextStart } from "../../../../shared/outbound/live/live-text.ts";
import type { Context, InlineKeyboardMarkup } from "../../../../shared/telegram/bot-api.ts";
import { MemoryStorage } from "../../../storage/memory-storage.ts";
import { home, Stage } from "../sessions/stage/stage.ts";

interface Reply {
  readonly markdown: string;
  readonly buttons: readonly string[];
}

/** Commands as a person types them, on sessions without processes. */
export class Spoken {
  readonly stage: Stage;
  readonly replies: Reply[] = [];
  readonly order: string[] = [];
  /** Texts that grow. */
  readonly growing: LiveTextStart[] = [];
  readonly desk: CommandDesk;

  private constructor(stage: Stage, placed: PlacedFile) {
    this.stage = stage;
    const context = {
      botId: 42,
      log: stage.log,
      outbox: { migrated: { resolve: (chatId: number | string) => chatId } },
      answer: async (_ctx: Context, markdown: string, keyboard?: InlineKeyboardMarkup) => {
        const buttons = (keyboard?.inline_keyboard ?? []).flat().map(({ text }) => text);
        this.replies.push({ markdown, buttons });
        this.order.push("replied");
      },
      live: (start: LiveTextStart) => {
        this.growing.push(start);
        return { update: () => undefined, discard: () => undefined };
      },
      handlingOf: () => ({
        attempt: 1,
        signal: new AbortController().signal,
        handledNow: async () => {
          this.order.push("handled");
        },
      }),
    };
    const catalogue: Pick<AgentCatalogue, "list" | "personas"> = {
      list: () => [
        { name: "demo", driver: "demo", model: undefined, missing: undefined, ignoredLines: {} },
        {
          name: "claude",
          driver: "claude",
          model: "opus",
          missing: "Install claude.",
          ignoredLines: {},
        },
      ],
      personas: () => ["default", "reviewer"],
    };
    const way = context as unknown as ConstructorParameters<typeof TelegramChat>[0];
    this.desk = new CommandDesk({
      context,
      sessions: stage.sessions,
      chat: new TelegramChat(way, 42, placed),
      catalogue: catalogue as AgentCatalogue,
      clock: stage.clock,
    });
  }

  static async open(limit = 12): Promise<Spoken> {
    const stage = await Stage.open({ limit });
    return new Spoken(stage, await PlacedFile.open(new MemoryStorage(), stage.log));
  }

  /** @returns what is answered */
  async say(text: string, place: SessionPlace = home): Promise<Reply> {
    const [name = "", ...words] = text.slice(1).split(" ");
    const row = sessionCommands.find(({ command }) => command === name);
    if (row === undefined) throw new Error(`no command ${name}`);
    const before = this.replies.length;
    await row.run(this.desk, this.context(place), words.join(" "));
    const reply = this.replies[before];
    if (reply === undefined) throw new Error(`${text} was not answered`);
    return reply;
  }

  private context({ chatId, topicId }: SessionPlace): Context {
    const topic =
      topicId === undefined ? {} : { is_topic_message: true, message_thread_id: topicId };
    const message = { message_id: 1, date: 0, chat: { id: chatId, type: "private" }, ...topic };
    return { update: { update_id: this.stage.nextOrder(), message } } as unknown as Context;
  }
}
