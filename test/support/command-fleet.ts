import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BotStatus } from "../../shared/contract/fleet-status.ts";
import { errorMessage } from "../../shared/errors.ts";
import { peekRecords } from "../../shared/lifecycle/listener-records.ts";
import { FleetHome, patientFleet } from "./fleet-home.ts";
import { eventsOf } from "./listener-program.ts";
import { eventually, type Program, repositoryRoot } from "./program.ts";
import type { SandboxClient } from "./sandbox-client.ts";

/** Shims and launchers of the tester's machine may need an environment that a bot does not get: the interpreter itself. */
export const python = ((): { readonly path?: string; readonly missing: string } => {
  try {
    const print = "import sys; print(sys.executable)";
    return {
      path: execFileSync("python3", ["-c", print], { encoding: "utf8" }).trim(),
      missing: "",
    };
  } catch (error) {
    return { missing: ` (skipped: no python3 here, ${errorMessage(error)})` };
  }
})();

export const shellBot = join(repositoryRoot, "test/fixtures/command-bot.sh");

/** The program that docs/command-bots.md shows. */
function documentedBot(): string {
  const page = readFileSync(join(repositoryRoot, "docs/command-bots.md"), "utf8");
  const found = /```python\n(.*?)```/s.exec(page)?.[1];
  if (found === undefined) throw new Error("docs/command-bots.md has no Python example");
  return found;
}

/** A fleet of main and one command called `weather`, on a sandbox of its own. */
export class CommandFleet {
  readonly home: FleetHome;
  readonly weather: { readonly id: number; readonly token: string };
  readonly main: { readonly id: number; readonly token: string };

  private constructor(home: FleetHome, main: CommandFleet["main"], weather: CommandFleet["main"]) {
    this.home = home;
    this.main = main;
    this.weather = weather;
  }

  /** @param entry lines of fleet.yaml, indented by four */
  static async open(
    sandbox: SandboxClient,
    entry: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandFleet> {
    const [main, weather] = [await sandbox.makeBot("main"), await sandbox.makeBot("weather")];
    const home = new FleetHome({
      env: {
        TELEGRAM_API_ROOT: sandbox.url,
        TELEGRAM_BOT_TOKEN: main.token,
        WEATHER_BOT_TOKEN: weather.token,
        ...env,
      },
      fleetYaml: `${patientFleet}\nbots:\n  main:\n  weather:\n${entry}`,
    });
    writeFileSync(join(home.dir, "my_bot.py"), documentedBot());
    return new CommandFleet(home, main, weather);
  }

  get root(): string {
    return join(this.home.stateDir, "listeners", "weather");
  }

  bot(): BotStatus | undefined {
    return this.home.status()?.bots.find(({ name }) => name === "weather");
  }

  /** Another process than this one is ready, and its files say so too, which they do a moment later. */
  async ready(supervisor: Program, before?: number): Promise<BotStatus> {
    const bot = await this.until(
      supervisor,
      ({ state, pid }) => state === "ready" && pid !== before,
    );
    await eventually(
      () => this.events().at(-1) === "running",
      () => this.events().join(" "),
    );
    return bot;
  }

  until(supervisor: Program, fits: (bot: BotStatus) => boolean): Promise<BotStatus> {
    return eventually(
      () => {
        const bot = this.bot();
        const ours = this.home.status()?.supervisor.pid === supervisor.pid;
        return ours && bot !== undefined && fits(bot) ? bot : undefined;
      },
      () => `weather: ${JSON.stringify(this.bot())}\n${supervisor.output}`,
      20_000,
    );
  }

  /** Whether lock and holder record of the command's token are there. */
  locks(): boolean[] {
    const record = join(this.home.lockDir, `telegram_polling-${this.weather.id}`);
    return [existsSync(`${record}.lock`), existsSync(record)];
  }

  /** As a thief does it; the holder notices at its next touch, within 5 s. */
  takeLock(): void {
    const path = join(this.home.lockDir, `telegram_polling-${this.weather.id}`);
    const record = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...record, nonce: "another's" }));
  }

  events(): string[] {
    return eventsOf(this.root);
  }

  async records() {
    return await peekRecords(this.root);
  }

  /** A command of the operator's; resolves with what it printed, and fails where it does. */
  async operator(...args: string[]): Promise<string> {
    const program = this.home.start("supervisor/main", args);
    const code = await program.end();
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${program.output}`);
    return program.output;
  }
}
