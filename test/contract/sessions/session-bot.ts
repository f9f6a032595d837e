import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAgentOf } from "../../../bots/main/agents/process/agent-mark.ts";
import {
  type SessionRecord,
  sessionRecordSchema,
} from "../../../bots/main/sessions/record/session-record.ts";
import { findMarked, fleetId } from "../../../shared/process/marker.ts";
import { type HandedBot, openHandedBot } from "../../support/handed-bot.ts";
import { eventually, Program, repositoryRoot } from "../../support/program.ts";

export interface Said {
  readonly id: number;
  readonly text: string;
  readonly buttons: readonly { readonly text: string; readonly data: string }[];
}

/** Main as a real process on a sandbox that outlives it, spoken to as a person does. */
export class SessionBot {
  readonly handed: HandedBot;
  private program: Program;

  private constructor(handed: HandedBot, program: Program) {
    this.handed = handed;
    this.program = program;
  }

  /**
   * @param options main's options; the demo agent is the only one, and none is prepared ahead
   * @param before what is so before the bot starts
   */
  static async open(
    options: Record<string, unknown> = {},
    before: (handed: HandedBot) => Promise<void> = () => Promise.resolve(),
  ): Promise<SessionBot> {
    const handed = await openHandedBot({ prewarm: { enabled: false }, ...options });
    await before(handed);
    const bot = new SessionBot(handed, start(handed));
    await bot.ready();
    return bot;
  }

  get log(): string {
    return readFileSync(join(this.handed.stateDir, "logs", "main.log"), "utf8");
  }

  get pid(): number {
    return this.program.pid;
  }

  /** Agents and tools of this bot that live, whichever life of it started them. */
  agents(): number[] {
    const home = { fleet: fleetId(this.handed.stateDir), bot: "main" };
    return findMarked(isAgentOf(home)).map(({ identity }) => identity.pid);
  }

  /** The records of its sessions, as they stand on the disk. */
  records(): SessionRecord[] {
    const root = join(this.handed.stateDir, "sessions");
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readFileSync(join(root, name, "session.json"), "utf8"))
      .map((text) => sessionRecordSchema.parse(JSON.parse(text)));
  }

  async kill(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.end();
  }

  async stop(withinMs = 20_000): Promise<number | null> {
    this.program.kill("SIGTERM");
    return this.program.end(withinMs);
  }

  async restart(): Promise<void> {
    this.program = start(this.handed);
    await this.ready();
  }

  say(text: string, chat = this.handed.chat, topic?: number): number {
    const { sandbox, me } = this.handed;
    return sandbox.user.say(chat, {
      from: me,
      text,
      ...(topic === undefined ? {} : { message_thread_id: topic }),
    }).message_id;
  }

  press({ id }: Said, label: RegExp, chat = this.handed.chat): void {
    const { sandbox, me } = this.handed;
    const said = this.said(chat).find((each) => each.id === id);
    const button = said?.buttons.find(({ text }) => label.test(text));
    if (button === undefined)
      throw new Error(`no button ${String(label)} under ${said?.text ?? id}`);
    sandbox.user.press(chat, me, id, button.data);
  }

  /** What the bot has said, oldest first. */
  said(chat = this.handed.chat, topic?: number): Said[] {
    return this.handed.sandbox.user
      .messages(chat, topic, 500)
      .filter(({ from }) => from?.is_bot === true)
      .map((message) => ({
        id: message.message_id,
        text: message.text ?? "",
        buttons: (message.reply_markup?.inline_keyboard ?? []).flat().map((button) => ({
          text: button.text,
          data: "callback_data" in button ? button.callback_data : "",
        })),
      }));
  }

  /** The first message of the bot behind another that fits. */
  answer(pattern: RegExp, after = 0, withinMs = 15_000, chat = this.handed.chat): Promise<Said> {
    return eventually(
      () => this.said(chat).find(({ id, text }) => id > after && pattern.test(text)),
      () =>
        `${String(pattern)} after ${after}; said ${JSON.stringify(this.said(chat).slice(-6))}\n${this.log.slice(-3_000)}`,
      withinMs,
    );
  }

  /** Says it and waits for the answer. */
  ask(text: string, pattern: RegExp, withinMs?: number): Promise<Said> {
    return this.answer(pattern, this.say(text), withinMs);
  }

  async remove(): Promise<void> {
    if (this.program.running) await this.stop();
    await this.handed.close();
  }

  private ready(): Promise<unknown> {
    const { program } = this;
    return eventually(
      () => /polling state: polling/.test(program.output) || undefined,
      () => `the bot polls\n${program.output}`,
      20_000,
    );
  }
}

function start({ environment, dir }: HandedBot): Program {
  return new Program([join(repositoryRoot, "dist/bots/run-bot.js"), "main"], {
    cwd: dir,
    env: { ...environment, HOME: dir },
  });
}
