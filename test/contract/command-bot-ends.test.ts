import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CommandFleet, shellBot } from "../support/command-fleet.ts";
import { killFixtures, startFixture } from "../support/fixture-process.ts";
import { FleetHome } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import { eventually, type Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;
let fleet: CommandFleet | undefined;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
});
afterEach(async () => {
  await fleet?.home.remove();
  fleet = undefined;
  await killFixtures();
});
afterAll(() => telegram.remove());

async function open(entry: string, env?: Readonly<Record<string, string>>): Promise<CommandFleet> {
  fleet = await CommandFleet.open(sandbox, entry, env);
  return fleet;
}

/** The polite one must end by itself: its deadline is longer than the tests wait. */
const shell = (mode: "polite" | "stubborn"): string =>
  `    command: ["sh", "${shellBot}", "${mode}"]\n    stop_deadline_seconds: ${mode === "polite" ? 60 : 0.5}\n`;

/** Everything that carries the command's mark. */
const ofWeather = ({ home }: CommandFleet): number[] =>
  processesWith("/weather/").filter((pid) => processesWith(home.dir).includes(pid));

async function withChildren(made: CommandFleet, supervisor: Program): Promise<void> {
  await made.ready(supervisor);
  await eventually(
    () => ofWeather(made).length === 3,
    () => `the shell and its two children: ${ofWeather(made).join(" ")}`,
  );
}

// Marks and sessions are looked up in /proc; `setsid` makes the grandchild's session.
describe.skipIf(process.platform !== "linux")("a shell bot with children (needs /proc)", () => {
  it.each(["polite", "stubborn"] as const)(
    "is stopped with all of them, also the one in a session of its own: %s",
    async (mode) => {
      const made = await open(shell(mode));
      const supervisor = made.home.supervisor();
      await withChildren(made, supervisor);
      await made.operator("stop", "weather");
      await made.until(supervisor, ({ state }) => state === "down");
      expect(ofWeather(made)).toEqual([]);
      if (mode === "polite") await supervisor.printed(/\[weather\] asked to stop/);
      expect(made.events()).toEqual(["start", "running", "stopping", "stopped"]);
      await expect.poll(() => made.locks()).toEqual([false, false]);
    },
  );

  it.each(["polite", "stubborn"] as const)(
    "is cleaned up after SIGKILL of the supervisor by the next one: %s",
    async (mode) => {
      const made = await open(shell(mode));
      const first = made.home.supervisor();
      await withChildren(made, first);
      const left = ofWeather(made);
      first.kill("SIGKILL");
      await first.end();
      const second = made.home.supervisor();
      await withChildren(made, second);
      expect(ofWeather(made).filter((pid) => left.includes(pid))).toEqual([]);
      expect(made.events()).toEqual(["start", "running", "crashed", "start", "running"]);
      expect(made.locks()).toEqual([true, true]);
    },
  );

  it("loses what it left behind when it dies itself", async () => {
    const made = await open(shell("polite"));
    const supervisor = made.home.supervisor();
    await withChildren(made, supervisor);
    const before = ofWeather(made);
    const killed = made.bot()?.pid ?? 0;
    process.kill(killed, "SIGKILL");
    await made.ready(supervisor, killed);
    expect(ofWeather(made).filter((pid) => before.includes(pid))).toEqual([]);
  });
});

describe("a command that cannot run", () => {
  it.each([
    ["no-such-program", /the program "no-such-program" is not on the PATH/],
    ["./missing.sh", /missing\.sh does not exist or is not executable/],
  ])("is shown with the reason: %s", async (program, reason) => {
    const made = await open(`    command: ["${program}"]\n`);
    const supervisor = made.home.supervisor();
    const bot = await made.until(supervisor, ({ state }) => state === "backing_off");
    expect(bot.reason).toMatch(reason);
    expect(await made.operator("status")).toMatch(reason);
  });

  it("is given up when Telegram refuses its token", async () => {
    const made = await open(shell("polite"), { WEATHER_BOT_TOKEN: `4242424242:${"x".repeat(35)}` });
    const supervisor = made.home.supervisor();
    const bot = await made.until(supervisor, ({ state }) => state === "given_up");
    expect(bot.reason).toMatch(/Telegram refused the token/);
    expect(ofWeather(made)).toEqual([]);
  });

  it("waits while somebody else holds its token's lock, and says who", async () => {
    const made = await open(shell("polite"));
    const name = `telegram_polling-${made.weather.id}`;
    const holder = startFixture("lock-holder.ts", [made.home.lockDir, name]);
    await holder.next("holds");
    const supervisor = made.home.supervisor();
    const bot = await made.until(supervisor, ({ state }) => state === "backing_off");
    expect(bot.reason).toMatch(
      new RegExp(`Telegram polling lock is already held.*pid ${holder.pid}`),
    );
    expect(bot.nextTryAt).toBeGreaterThan(0);
    expect(ofWeather(made)).toEqual([]);
  });

  it("is not started while another process polls its token", async () => {
    const made = await open(shell("polite"));
    const holder = startFixture("guard-holder.ts", [sandbox.url, String(made.weather.id)]);
    await holder.next("holds");
    const supervisor = made.home.supervisor();
    await made.until(supervisor, ({ polling }) => polling.state === "waiting_for_guard");
    expect(ofWeather(made)).toEqual([]);
    await holder.kill();
    await made.ready(supervisor);
    const second = startFixture("guard-holder.ts", [sandbox.url, String(made.weather.id)]);
    expect(await second.next("refused")).toBeDefined();
  });

  it("is ended when its lock is lost, and tried again later", async () => {
    const made = await open(shell("polite"));
    const supervisor = made.home.supervisor();
    await withChildren(made, supervisor);
    made.takeLock();
    const bot = await made.until(supervisor, ({ state }) => state === "backing_off");
    expect(bot.reason).toMatch(/the polling lock is held/);
    expect(ofWeather(made)).toEqual([]);
    expect((await made.records()).state?.cause).toBe("lock_lost");
  });

  it("keeps the whole fleet down where it has another bot's token: exit code 78", async () => {
    const { token } = await sandbox.makeBot("main");
    const made = await open(shell("polite"), { WEATHER_BOT_TOKEN: token });
    const supervisor = made.home.supervisor();
    expect(await supervisor.end()).toBe(78);
    expect(supervisor.output).toMatch(
      /bots\.weather .*cannot share a token, but main has the same/,
    );
    expect(supervisor.output).not.toContain(token);
  });
});
