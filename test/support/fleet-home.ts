import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FleetStatus } from "../../shared/contract/fleet-status.ts";
import { eventually, Program, repositoryRoot } from "./program.ts";

/** Lets children crash as often as a test wants, with short waits. */
export const patientFleet = `
restart:
  first_pause_seconds: 0.05
  longest_pause_seconds: 0.2
  stable_after_seconds: 1
  crash_window_seconds: 1
  max_crashes: 1000
`;

/** A folder in which a fleet lives: working directory, state, locks; and the programs started in it. */
export class FleetHome {
  readonly dir = mkdtempSync(join(tmpdir(), "fleet-"));
  readonly stateDir = join(this.dir, "var");
  readonly lockDir = join(this.dir, "locks");
  private readonly programs: Program[] = [];
  private readonly env: Readonly<Record<string, string>>;

  constructor(
    options: { readonly env?: Readonly<Record<string, string>>; readonly fleetYaml?: string } = {},
  ) {
    mkdirSync(this.lockDir);
    this.env = {
      HOME: this.dir,
      TELEGRAM_LOCK_DIR: this.lockDir,
      LOG_LEVEL: "debug",
      ...options.env,
    };
    // Port 0: tests run beside each other and beside a fleet of the developer's.
    writeFileSync(
      join(this.dir, "fleet.yaml"),
      `${options.fleetYaml ?? ""}\nsandbox:\n  port: 0\ndashboard:\n  port: 0\n`,
    );
  }

  start(
    entry: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Program {
    const file = join(repositoryRoot, "dist", `${entry}.js`);
    const program = new Program([file, ...args], { cwd: this.dir, env: { ...this.env, ...env } });
    this.programs.push(program);
    return program;
  }

  supervisor(env: Readonly<Record<string, string>> = {}): Program {
    return this.start("supervisor/main", ["up"], env);
  }

  /** The supervisor in a terminal of its own, which the program `script` makes; what is typed goes to its standard input. */
  supervisorInTerminal(): Program {
    const file = join(repositoryRoot, "dist", "supervisor/main.js");
    const line = `exec "${process.execPath}" "${file}" up`;
    const options = { cwd: this.dir, env: this.env, file: "script", stdin: "pipe" } as const;
    const program = new Program(["-qefc", line, "/dev/null"], options);
    this.programs.push(program);
    return program;
  }

  bot(name: string, env: Readonly<Record<string, string>> = {}): Program {
    return this.start("bots/run-bot", [name], env);
  }

  status(): FleetStatus | undefined {
    const path = join(this.stateDir, "supervisor", "status.json");
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as FleetStatus) : undefined;
  }

  /** Resolves when every bot of this very supervisor is ready. */
  allReady(supervisor: Program, withinMs = 30_000): Promise<FleetStatus> {
    return eventually(
      () => {
        const status = this.status();
        const ready =
          status?.supervisor.pid === supervisor.pid &&
          status.bots.every((bot) => bot.state === "ready");
        return ready ? status : undefined;
      },
      () => `all bots ready; status ${JSON.stringify(this.status()?.bots)}\n${supervisor.output}`,
      withinMs,
    );
  }

  get lockExists(): boolean {
    return existsSync(join(this.lockDir, "telegram_polling.lock"));
  }

  get holderRecordExists(): boolean {
    return existsSync(join(this.lockDir, "telegram_polling"));
  }

  /** Everything any program of this home printed or logged. */
  allOutput(): string {
    return this.programs.map((program) => program.output).join("\n");
  }

  /** Ends what a failed test left, by pid, and removes the folder. */
  async remove(): Promise<void> {
    for (const program of this.programs) if (program.running) program.kill("SIGTERM");
    await Promise.all(
      this.programs.map((program) =>
        program.end().catch(() => {
          program.kill("SIGKILL");
        }),
      ),
    );
    rmSync(this.dir, { recursive: true, force: true });
  }
}
