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
  readonly logLevel?: BotSettings["logLevel"];
}

const fixture = fileURLToPath(new URL("../fixtures/recording-bot.mjs", import.meta.url));

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
      logLevel: this.options.logLevel ?? "info",
      webhook: "delete",
      pollTimeoutSeconds: 10,
      allowedUsers: [],
      options: { record: this.recordFile, workMs },
    };
    const env = handOver({ settings, token: bot.token });
    const program = new Program([fixture], { cwd: this.dir, env });
    this.programs.push(program);
    return program;
  }

  /** Every handling so far, in the order of its beginning or end. */
  handlings(phase: Handling["phase"]): Handling[] {
    const text = existsSync(this.recordFile) ? readFileSync(this.recordFile, "utf8") : "";
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Handling)
      .filter((handling) => handling.phase === phase);
  }

  /** The records of the update log on the disk, read without our reader: update id and when it was received. */
  logged(): Map<number, number> {
    const dir = join(this.stateDir, "updates", String(this.options.bot.id));
    const names = existsSync(dir)
      ? readdirSync(dir).filter((name) => /^\d+\.jsonl$/.test(name))
      : [];
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
    for (const program of this.programs) if (program.running) program.kill("SIGKILL");
    await Promise.all(this.programs.map((program) => program.end()));
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get recordFile(): string {
    return join(this.dir, "handlings.jsonl");
  }
}
