import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BotSettings, handOver } from "../../shared/config/bot-settings.ts";
import { Program } from "./program.ts";

/** One line of test/fixtures/recording-bot.mjs. */
export interface Handling {
  readonly phase: "begin" | "end";
  readonly bot: string;
  readonly pid: number;
  readonly update: number;
  readonly chat: number;
  readonly topic: number;
  readonly text: string;
  readonly attempt: number;
  readonly atMs: number;
}

export interface RecordingBotsOptions {
  readonly apiRoot: string;
  readonly bot: { readonly id: number; readonly token: string };
  /** Longest time that a handling pretends to work. */
  readonly workMs?: number;
  /** All bots on the token. */
  readonly names?: readonly string[];
  /** Where state is kept; default a folder of its own, removed at the end. */
  readonly stateDir?: string;
  readonly allowedUsers?: readonly number[];
  readonly answers?: Partial<BotSettings["answers"]>;
  /** Of test/fixtures; default the one that writes down what it handles. */
  readonly fixture?: string;
}

const usualFixture = "recording-bot.mjs";

export const isSegment = (name: string): boolean => /^\d+\.jsonl$/.test(name);

/** Real bot processes on one token, standalone, that write down what they handle. */
export class RecordingBots {
  readonly dir = mkdtempSync(join(tmpdir(), "recording-bots-"));
  readonly stateDir: string;
  private readonly options: RecordingBotsOptions;
  private readonly programs: Program[] = [];

  constructor(options: RecordingBotsOptions) {
    this.options = options;
    this.stateDir = options.stateDir ?? join(this.dir, "var");
  }

  start(name = "main"): Program {
    const { fixture = usualFixture } = this.options;
    const file = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
    const program = new Program([file], { cwd: this.dir, env: this.environment(name) });
    this.programs.push(program);
    return program;
  }

  /** Ends all of them with SIGKILL and starts one again. */
  async restart(name = "main"): Promise<Program> {
    await this.kill();
    return this.start(name);
  }

  private async kill(): Promise<void> {
    for (const program of this.programs) if (program.running) program.kill("SIGKILL");
    await Promise.all(this.programs.map((program) => program.end()));
  }

  /** What a supervisor would hand over; for those who start the fixture themselves. */
  environment(name = "main"): Record<string, string> {
    const { apiRoot, bot, names = ["main"], workMs = 0 } = this.options;
    const settings: BotSettings = {
      name,
      role: name === "main" ? "main" : "auxiliary",
      botId: bot.id,
      mainBotId: bot.id,
      tokenBots: names,
      apiRoot,
      stateDir: this.stateDir,
      lockDir: this.dir,
      logLevel: "info",
      webhook: "delete",
      pollTimeoutSeconds: 10,
      allowedUsers: this.options.allowedUsers ?? [],
      allowedChats: [],
      sandbox: false,
      answers: { maxRichLength: 8_000, numbering: false, maxParts: 10, ...this.options.answers },
      options: { record: this.recordFile, workMs },
    };
    return handOver({ settings, token: bot.token });
  }

  /** Every handling so far, in the order of its beginning or end. */
  handlings(phase: Handling["phase"]): Handling[] {
    const text = existsSync(this.recordFile) ? readFileSync(this.recordFile, "utf8") : "";
    // A line without its end is one that is being written, or that a SIGKILL tore.
    return text
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as Handling)
      .filter((handling) => handling.phase === phase);
  }

  /** Where the update log of the token is. */
  get logDir(): string {
    return join(this.stateDir, "updates", String(this.options.bot.id));
  }

  /** The records of the update log on the disk, read without our reader: update id and when it was received. */
  logged(): Map<number, number> {
    const dir = this.logDir;
    const names = existsSync(dir) ? readdirSync(dir).filter(isSegment) : [];
    const record = /^\{"v":1,"seq":\d+,"epoch":\d+,"at":(\d+),"id":(\d+),.*\}$/gm;
    return new Map(
      names
        .toSorted()
        .flatMap((name) => [...readFileSync(join(dir, name), "utf8").matchAll(record)])
        .map(([, at, id]) => [Number(id), Number(at)]),
    );
  }

  /** What any of them printed. */
  get output(): string {
    return this.programs.map(({ output }) => output).join("\n");
  }

  /** Ends what a failed test left, and removes the folder. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get recordFile(): string {
    return join(this.dir, "handlings.jsonl");
  }
}
