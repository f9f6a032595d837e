import { join } from "node:path";
import { type HandedBot, openHandedBot } from "../../support/handed-bot.ts";
import { eventually, Program, repositoryRoot } from "../../support/program.ts";

/** A sandbox in this process and one real bot, which can be killed and come again. */
export class Lives {
  readonly handed: HandedBot;
  bot!: Program;
  private readonly name: string;
  private readonly programs: Program[] = [];

  private constructor(handed: HandedBot, name: string) {
    this.handed = handed;
    this.name = name;
  }

  static async open(name: string, options: Record<string, unknown>): Promise<Lives> {
    return new Lives(await openHandedBot(options, name), name);
  }

  start(): Program {
    const file = join(repositoryRoot, "dist", "bots", "run-bot.js");
    const { dir, environment } = this.handed;
    this.bot = new Program([file, this.name], { cwd: dir, env: { HOME: dir, ...environment } });
    this.programs.push(this.bot);
    return this.bot;
  }

  async kill(): Promise<void> {
    this.bot.kill("SIGKILL");
    await this.bot.end();
  }

  /** Everything that the bot has said, oldest first, as it stands now, in whatever form. */
  said(): { readonly id: number; readonly words: string }[] {
    const { sandbox, chat } = this.handed;
    return sandbox.user
      .messages(chat, undefined, 10_000)
      .filter(({ from }) => from?.is_bot === true)
      .map((message) => ({ id: message.message_id, words: JSON.stringify(message) }));
  }

  hears(pattern: RegExp, after = 0, withinMs = 20_000): Promise<{ id: number; words: string }> {
    return eventually(
      () => this.said().find(({ id, words }) => id > after && pattern.test(words)),
      () =>
        `words like ${String(pattern)}; there are ${this.said()
          .map(({ words }) => words)
          .join("\n")}\n${this.output.slice(-4_000)}`,
      withinMs,
    );
  }

  /** Gives the message's id. */
  say(text: string): number {
    const { sandbox, chat, me } = this.handed;
    return sandbox.user.say(chat, { from: me, text }).message_id;
  }

  get output(): string {
    return this.programs.map(({ output }) => output).join("\n");
  }

  async close(): Promise<void> {
    for (const program of this.programs) if (program.running) program.kill("SIGKILL");
    await Promise.all(this.programs.map((program) => program.end()));
    await this.handed.close();
  }
}
