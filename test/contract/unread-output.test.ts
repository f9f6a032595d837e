import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CommandFleet } from "../support/command-fleet.ts";
import { FleetHome } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import { eventually, type Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

const noPty = spawnSync("script", ["--version"]).status !== 0;
/** 100 KB again and again: more than any pipe holds, and soon more than is kept for a reader. */
const talker = `    command: ["sh", "-c", "l=$(printf '%01000d' 0 | tr 0 x); while :; do for i in $(seq 100); do echo $l; done; sleep 0.1; done"]
    stop_deadline_seconds: 2
`;
const enoughBytes = 3_000_000;

/** What the talker said, by the log files, which have it whatever becomes of the output. */
function loggedBytes({ home }: CommandFleet): number {
  const folder = join(home.stateDir, "logs");
  const files = readdirSync(folder).filter((name) => name.startsWith("weather.log"));
  // One may be renamed by a rotation between the two looks.
  const sizes = files.map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const allReady = ({ home }: CommandFleet, program: Program) =>
  eventually(
    () => {
      const bots = home.status()?.bots;
      return bots?.every(({ state }) => state === "ready") === true ? bots : undefined;
    },
    () => program.output.slice(-2_000),
    30_000,
  );

/** Every order goes through the event loop that a write would hold up. */
async function expectAtWork(opened: CommandFleet): Promise<void> {
  const before = loggedBytes(opened);
  await eventually(
    () => loggedBytes(opened) > before + enoughBytes,
    () => `logged: ${loggedBytes(opened) - before} bytes`,
    30_000,
  );
  const picture: unknown = JSON.parse(await opened.operator("status", "--json"));
  expect(picture).toMatchObject({ bots: [{ state: "ready" }, { state: "ready" }] });
  await opened.operator("stop", "weather");
  expect(opened.bot()?.restarts).toBe(0);
}

describe("a supervisor whose output nobody reads", () => {
  let telegram: FleetHome | undefined;
  let fleet: CommandFleet | undefined;

  async function open(): Promise<CommandFleet> {
    telegram = new FleetHome();
    const sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
    fleet = await CommandFleet.open(sandbox, talker);
    return fleet;
  }

  afterEach(async () => {
    await fleet?.home.remove();
    await telegram?.remove();
  });

  it.skipIf(noPty)(
    "works on after Ctrl-S in its terminal, and tells after Ctrl-Q how much was left out (skipped where the program `script` is missing)",
    async () => {
      const opened = await open();
      const terminal = opened.home.supervisorInTerminal();
      const [main] = await allReady(opened, terminal);
      terminal.child.stdin?.write("\u0013");
      await expectAtWork(opened);
      expect(opened.home.status()?.bots[0]).toMatchObject({ pid: main?.pid, restarts: 0 });
      terminal.child.stdin?.write("\u0011");
      await terminal.printed(/lines were left out here: nobody read this output/);
      terminal.child.stdin?.write("\u0003");
      expect(await terminal.end()).toBe(0);
      expect(processesWith(opened.home.dir)).toEqual([]);
    },
  );

  it("works on when it writes to a pipe that is not read, and ends in order", async () => {
    const opened = await open();
    const program = opened.home.supervisor();
    await allReady(opened, program);
    program.child.stdout?.pause();
    await expectAtWork(opened);
    program.kill("SIGTERM");
    await eventually(
      () => !program.running,
      () => "the supervisor still runs",
      20_000,
    );
    expect(program.child.exitCode).toBe(0);
    program.child.stdout?.resume();
    await program.end();
  });
});
