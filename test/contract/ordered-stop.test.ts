import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processesWith } from "../support/proc.ts";
import { Program, repositoryRoot } from "../support/program.ts";

const noPty = spawnSync("script", ["--version"]).status !== 0;

/** `npm run supervisor` as a person types it, in the repository, with state and locks elsewhere. */
describe("npm run supervisor", () => {
  let dir: string;
  let env: Record<string, string>;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "npm-run-"));
    mkdirSync(join(dir, "locks"));
    env = {
      HOME: dir,
      TG_STATE_DIR: join(dir, "var"),
      TELEGRAM_LOCK_DIR: join(dir, "locks"),
      npm_config_update_notifier: "false",
    };
  });

  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  async function startAndWait(file: string, args: readonly string[]): Promise<Program> {
    const program = new Program(args, { cwd: repositoryRoot, env, file, stdin: "pipe" });
    await program.printed(/^main +ready/m);
    expect(existsSync(join(dir, "locks", "telegram_polling.lock"))).toBe(true);
    return program;
  }

  function expectNothingLeft(): void {
    expect(processesWith(dir)).toEqual([]);
    expect(existsSync(join(dir, "locks", "telegram_polling.lock"))).toBe(false);
    expect(existsSync(join(dir, "locks", "telegram_polling"))).toBe(false);
    const log = readFileSync(join(dir, "var", "logs", "supervisor.log"), "utf8");
    expect(log).not.toContain("second signal");
    expect(log).toMatch(/\[supervisor\] stopped cause=/);
  }

  it("stops in order on SIGTERM to npm: exit code 0, nothing left", async () => {
    const npm = await startAndWait("npm", ["run", "supervisor"]);
    npm.kill("SIGTERM");
    expect(await npm.end()).toBe(0);
    expectNothingLeft();
  });

  it.skipIf(noPty)(
    "stops in order on Ctrl-C in a terminal (skipped where the program `script` is missing)",
    async () => {
      const terminal = await startAndWait("script", [
        "-qefc",
        "exec npm run supervisor",
        "/dev/null",
      ]);
      terminal.child.stdin?.write("\u0003");
      // script ends with the exit code of npm, which is ours.
      expect(await terminal.end()).toBe(0);
      expectNothingLeft();
    },
  );
});
