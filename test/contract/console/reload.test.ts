import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPicture } from "../../../supervisor/control/client.ts";
import { FleetHome, patientFleet } from "../../support/fleet-home.ts";
import { processesWith } from "../../support/proc.ts";
import { eventually, type Program } from "../../support/program.ts";

const ports = "sandbox:\n  port: 0\ndashboard:\n  port: 0\n";
const bots = "bots:\n  main:\n  buy_tracker:\n  treasury:\n";
const home = new FleetHome({ fleetYaml: `${patientFleet}\n${bots}` });
let supervisor: Program;

const write = (text: string): void => {
  writeFileSync(join(home.dir, "fleet.yaml"), `${patientFleet}\n${text}\n${ports}`);
};
const pids = async (): Promise<Record<string, number | undefined>> =>
  Object.fromEntries((await askPicture(home.stateDir)).bots.map(({ name, pid }) => [name, pid]));
async function reload(...args: string[]): Promise<{ code: number | null; output: string }> {
  const command = home.start("supervisor/main", ["reload", ...args]);
  const code = await command.end();
  // Said on a slow machine, in between.
  return { code, output: command.output.replace(/^Still waiting: .*\n/gm, "") };
}
const allReady = (): Promise<unknown> =>
  eventually(
    async () => (await askPicture(home.stateDir)).bots.every(({ state }) => state === "ready"),
    () => supervisor.output,
  );

/** Other fleets of the machine may have bots of the same names. */
const ownProcessesWith = (text: string): number[] => {
  const own = new Set(processesWith(home.dir));
  return processesWith(text).filter((pid) => own.has(pid));
};

/** A fleet with a program that sleeps. */
const command = (word: string): string =>
  `bots:\n  main:\n  treasury:\n  public_trading_bot:\n  weather:\n    command: ["sh", "-c", "sleep ${word}"]\n`;

beforeAll(async () => {
  supervisor = home.supervisor();
  await home.allReady(supervisor);
});
afterAll(() => home.remove());

describe("reload", () => {
  it("does nothing where nothing has changed", async () => {
    const before = await pids();
    expect(await reload()).toEqual({ code: 0, output: "Nothing has changed.\n" });
    expect(await pids()).toEqual(before);
  });

  it.each([
    [
      "a key that does not exist",
      `${bots}\npol_timeout_seconds: 3`,
      /fleet\.yaml:\d+:1: pol_timeout_seconds: unknown key/,
    ],
    ["a bot that does not exist", `${bots}  nobody:\n`, /bots\.nobody: there is no folder/],
    ["no YAML", "bots: [", /fleet\.yaml:\d+:\d+:/],
    ["a section without main", "bots:\n  treasury:\n", /bots\.main is missing/],
    [
      "an option that its bot refuses",
      "bots:\n  main:\n  buy_tracker:\n    options: { threshold: many }\n  treasury:\n",
      /^bots\.buy_tracker\.options\.threshold: needs an amount/m,
    ],
    [
      "options that bots refuse, a new one among them",
      "bots:\n  main:\n    options: { default_agent: nobody }\n  buy_tracker:\n  public_trading_bot:\n    options: { pool: 1 }\n",
      /bots\.main\.options\.default_agent: there is no agent "nobody"[^]*bots\.public_trading_bot\.options\.pool: needs /,
    ],
  ])("changes nothing for %s, and says where", async (_name, text, message) => {
    const before = await pids();
    write(text);
    const { code, output } = await reload();
    expect([code, await pids()]).toEqual([1, before]);
    expect(output).toMatch(message);
    supervisor.kill("SIGHUP");
    await supervisor.printed(/SIGHUP: the configuration was not reloaded/);
    expect(await pids()).toEqual(before);
  });

  it("shows the difference and does nothing with --dry-run", async () => {
    const before = await pids();
    write(
      "bots:\n  main:\n  treasury:\n    options: { report_at: '08:00' }\n  public_trading_bot:\n",
    );
    const { output } = await reload("--dry-run");
    expect(output).toBe(
      "~ treasury: options\n+ public_trading_bot\n- buy_tracker\nNothing was done (--dry-run).\n",
    );
    expect(await pids()).toEqual(before);
  });

  it("says with --dry-run what a bot refuses, too", async () => {
    const before = await pids();
    const good = readFileSync(join(home.dir, "fleet.yaml"), "utf8");
    write("bots:\n  main:\n  treasury:\n    options: { report_at: noon }\n");
    const { code, output } = await reload("--dry-run");
    expect([code, await pids()]).toEqual([1, before]);
    expect(output).toMatch(/^bots\.treasury\.options\.report_at: needs a time of day/m);
    writeFileSync(join(home.dir, "fleet.yaml"), good);
  });

  it("restarts what changed, adds what is new, removes what is gone, leaves the rest alone", async () => {
    const before = await pids();
    expect((await reload()).output).toMatch(/The other bots were left alone/);
    await allReady();
    const after = await pids();
    expect(Object.keys(after)).toEqual(["main", "treasury", "public_trading_bot"]);
    expect(after["main"]).toBe(before["main"]);
    expect(after["treasury"]).not.toBe(before["treasury"]);
    expect(ownProcessesWith(`"name":"treasury"`)).toHaveLength(1);
    expect(ownProcessesWith(`"name":"buy_tracker"`)).toEqual([]);
    const log = readFileSync(join(home.stateDir, "logs/supervisor.log"), "utf8");
    expect(log).toContain("treasury is restarted (options)");
  });

  it("hears SIGHUP where no terminal was closed", async () => {
    const before = await pids();
    write("bots:\n  main:\n  treasury:\n  public_trading_bot:\n");
    supervisor.kill("SIGHUP");
    await supervisor.printed(/SIGHUP: treasury is restarted \(options\)/);
    await allReady();
    expect({ ...(await pids()), treasury: 0 }).toEqual({ ...before, treasury: 0 });
  });

  it("adds a command and changes it: a new process, and the lock of its token kept in order", async () => {
    write(command("1001"));
    expect((await reload()).output).toMatch(/^\+ weather/);
    await allReady();
    const before = await pids();
    write(command("1002"));
    expect((await reload()).output).toMatch(/^~ weather: command/);
    await allReady();
    const { weather, ...others } = await pids();
    expect(weather).not.toBe(before["weather"]);
    expect(others).toEqual({ ...others, main: before["main"] });
    write("bots:\n  main:\n  treasury:\n  public_trading_bot:\n");
    expect((await reload()).output).toMatch(/^- weather/);
    expect(ownProcessesWith("/weather/")).toEqual([]);
  });

  it("refuses what needs another supervisor", async () => {
    const before = await pids();
    writeFileSync(join(home.dir, ".env"), `TELEGRAM_BOT_TOKEN=123456:${"x".repeat(35)}\n`);
    const { code, output } = await reload();
    expect([code, await pids()]).toEqual([1, before]);
    expect(output).toMatch(/Nothing was changed: .* Restart the supervisor/);
    writeFileSync(join(home.dir, ".env"), "");
  });

  it("stops in order afterwards", async () => {
    supervisor.kill("SIGTERM");
    expect(await supervisor.end()).toBe(0);
    expect(processesWith(home.dir)).toEqual([]);
  });
});
