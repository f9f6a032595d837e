import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BotContext, BotDefinition } from "../../shared/bot-runtime/define-bot.ts";
import { routeThroughOutbox } from "../../shared/outbound/library/outbox-api.ts";
import type { Outbox } from "../../shared/outbound/outbox/outbox.ts";
import {
  Bot,
  type InlineKeyboardMarkup,
  type Update,
  type User,
} from "../../shared/telegram/bot-api.ts";
import { recordingLog } from "./recording-log.ts";

/** Something that a bot has said, by whatever way it went out. */
export interface Spoken {
  readonly way: string;
  readonly text: string;
  /** What its buttons carry. */
  readonly buttons: readonly string[];
}

const user: User = { id: 5, is_bot: false, first_name: "Ada" };
const chat = { id: 5, type: "private", first_name: "Ada" };

/** A bot's real handlers, without a process around them: what they hear, and everything that they say. */
export class SpokenBot {
  readonly spoken: Spoken[] = [];
  private readonly stateDir = mkdtempSync(join(tmpdir(), "spoken-"));
  private readonly stop = new AbortController();
  private readonly drains: (() => unknown)[] = [];
  private readonly bot = new Bot("7:x");
  private updates = 0;

  static async open(
    definition: BotDefinition,
    config: Record<string, unknown> = {},
  ): Promise<SpokenBot> {
    const spoken = new SpokenBot();
    await definition.setup(spoken.context(config));
    return spoken;
  }

  async hear(text: string): Promise<void> {
    const entities = [{ type: "bot_command", offset: 0, length: text.split(" ")[0]?.length ?? 0 }];
    await this.handle({ message: { message_id: 1, date: 0, chat, from: user, text, entities } });
  }

  async press(data: string): Promise<void> {
    const message = { message_id: 2, date: 1, chat, text: "" };
    await this.handle({
      callback_query: { id: "1", from: user, message, data, chat_instance: "" },
    });
  }

  async close(): Promise<void> {
    this.stop.abort(new Error("the test ends"));
    await Promise.all(this.drains.map((drain) => drain()));
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  private async handle(content: object): Promise<void> {
    this.updates += 1;
    await this.bot.handleUpdate({ update_id: this.updates, ...content } as unknown as Update);
  }

  private say(way: string, text: string, keyboard?: InlineKeyboardMarkup) {
    const rows = keyboard?.inline_keyboard ?? [];
    const buttons = rows.flat().flatMap((button) => String(button.callback_data ?? []));
    this.spoken.push({ way, text, buttons });
    return { messageIds: Promise.resolve([2]) };
  }

  private context(config: Record<string, unknown>): BotContext {
    const { bot, stateDir, stop } = this;
    const result = Promise.resolve({ state: "sent", messageIds: [2], result: true });
    const outbox = {
      migrated: { resolve: (id: number) => id },
      enqueue: ({ method, params }: { method: string; params: Record<string, unknown> }) => {
        const text = params["text"] ?? params["caption"] ?? "";
        this.say(method, typeof text === "string" ? text : "");
        return { accepted: Promise.resolve(), outcome: result };
      },
    } as unknown as Outbox;
    routeThroughOutbox(bot, outbox, 7);
    const known: Partial<BotContext> = {
      bot,
      outbox,
      answer: async (_, text, keyboard) => void this.say("answer", text, keyboard),
      answerAt: async (_place, _key, text, keyboard) => this.say("answerAt", text, keyboard),
      editAt: async (_place, _id, _key, text, keyboard) => this.say("editAt", text, keyboard),
      config,
      stateDir,
      log: recordingLog(),
      signal: stop.signal,
      sandbox: true,
      allowedUsers: [user.id],
      mayDecide: async () => true,
      botId: 7,
      status: () => ({
        name: "spoken",
        botId: 7,
        pid: 1,
        supervised: true,
        startedAtMs: 0,
        uptimeMs: 0,
        polling: { state: "polling" },
        lastPollCompletedAtMs: undefined,
        errors: {},
      }),
      onStop: (drain) => void this.drains.push(() => drain(1_000)),
    };
    return known as BotContext;
  }
}
