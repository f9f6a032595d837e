import { type Sandbox, startSandbox } from "../../../supervisor/sandbox/sandbox.ts";
import { eventually } from "../../support/program.ts";
import {
  type Handling,
  RecordingBots,
  type RecordingBotsOptions,
} from "../../support/recording-bots.ts";
import { recordingLog } from "../../support/recording-log.ts";

/** A sandbox, a person who talks to a token in private, and the bots of that token. */
export class Dialog {
  readonly sandbox: Sandbox;
  readonly bots: RecordingBots;
  readonly botId: number;
  readonly me: number;
  readonly chat: number;

  private constructor(sandbox: Sandbox, bots: RecordingBots, botId: number) {
    const { me, chats } = sandbox.user.state();
    this.sandbox = sandbox;
    this.bots = bots;
    this.botId = botId;
    this.me = me;
    this.chat = chats.find(({ type }) => type === "private")?.id ?? 0;
  }

  static async open(options: Omit<RecordingBotsOptions, "apiRoot" | "bot"> = {}): Promise<Dialog> {
    const sandbox = await startSandbox({ log: recordingLog("sandbox") });
    const [bot] = await sandbox.ensureBots(["main"]);
    if (bot === undefined) throw new Error("the sandbox made no bot");
    const bots = new RecordingBots({ ...options, apiRoot: sandbox.url, bot });
    return new Dialog(sandbox, bots, bot.id);
  }

  /** Another person's private chat with the bot: a conversation of its own. */
  stranger(name: string): { from: number; chat: number } {
    const from = this.sandbox.user.createUser(name).id;
    const chat = this.sandbox.user.createChat({
      type: "private",
      members: [from],
      bots: [this.botId],
    });
    return { from, chat: chat.id };
  }

  say(text: string, { from, chat } = { from: this.me, chat: this.chat }): number {
    return this.sandbox.user.say(chat, { from, text }).message_id;
  }

  polling(): ReturnType<Sandbox["user"]["polling"]> {
    return this.sandbox.user.polling(this.botId);
  }

  /** Waits until so many handlings have ended, and gives them. */
  async handled(count: number, withinMs = 20_000): Promise<Handling[]> {
    await eventually(
      () => this.bots.handlings("end").length >= count || undefined,
      () => `${this.bots.handlings("end").length} of ${count}; ${this.bots.output.slice(-3_000)}`,
      withinMs,
    );
    return this.bots.handlings("end");
  }

  async close(): Promise<void> {
    await this.bots.remove();
    await this.sandbox.close();
  }
}

export const textsOf = (handlings: readonly Handling[]): string[] =>
  handlings.map(({ text }) => text);

export const numbered = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);
