import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandFleet, python } from "../support/command-fleet.ts";
import { FleetHome } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import type { Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

describe.skipIf(python.path === undefined)(`the Python bot of the docs${python.missing}`, () => {
  const telegram = new FleetHome();
  let sandbox: SandboxClient;
  let fleet: CommandFleet;
  let supervisor: Program;
  let waiting: number;
  let chat: number;

  beforeAll(async () => {
    sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
    fleet = await CommandFleet.open(
      sandbox,
      `    command: ["${python.path}", "-u", "my_bot.py"]
    env:
      UNITS: metric
      WEATHER_API_KEY:
      NOT_SET:
`,
      { WEATHER_API_KEY: "handed through", UNRELATED: "stays here" },
    );
    await sandbox.request(`/bot${fleet.weather.token}/setWebhook`, {
      url: "https://hooks.example.org/secret-path",
    });
    chat = await sandbox.privateChat("weather");
    waiting = await sandbox.say(chat, "sent while the webhook was set");
    supervisor = fleet.home.supervisor();
    await fleet.home.allReady(supervisor);
    await fleet.ready(supervisor);
  });

  afterAll(async () => {
    await fleet.home.remove();
    await telegram.remove();
  });

  it("finds its webhook deleted with a warning, and what waited still there", async () => {
    await sandbox.answer(chat, waiting, /^You said: sent while the webhook was set$/);
    expect(supervisor.output).toMatch(/WARN +\[weather\] .*webhook.*hooks\.example\.org/);
    expect(supervisor.output).not.toContain("secret-path");
  });

  it("answers", async () => {
    const answer = await sandbox.answer(chat, await sandbox.say(chat, "rain?"), /rain/);
    expect(answer.text).toBe("You said: rain?");
  });

  it("is shown with its bot id, polling by itself, and its output is logged under its name", async () => {
    expect(fleet.bot()).toMatchObject({
      botId: fleet.weather.id,
      polling: { state: "by_itself" },
      restarts: 0,
    });
    expect(await fleet.operator("status")).toMatch(/^weather +ready +by_itself +\d+/m);
    const log = readFileSync(`${fleet.home.stateDir}/logs/weather.log`, "utf8");
    expect(log).toMatch(/INFO +\[weather\] listening/);
  });

  it("has its token, Telegram's address, what fleet.yaml gives it, and nobody else's token", () => {
    const environment = readFileSync(`/proc/${fleet.bot()?.pid}/environ`, "utf8").split("\0");
    expect(environment).toEqual(
      expect.arrayContaining([
        `WEATHER_BOT_TOKEN=${fleet.weather.token}`,
        `TELEGRAM_BOT_TOKEN=${fleet.weather.token}`,
        `TELEGRAM_API_ROOT=${sandbox.url}`,
        "SKIP_TELEGRAM_LOCK=1",
        "UNITS=metric",
        "WEATHER_API_KEY=handed through",
      ]),
    );
    expect(environment.join("\n")).not.toMatch(/stays here|NOT_SET/);
    expect(environment.join("\n")).not.toContain(fleet.main.token);
  });

  it("has lock and lifecycle files, held by the supervisor and by its own process", async () => {
    expect(fleet.locks()).toEqual([true, true]);
    const { lease, state } = await fleet.records();
    expect(lease).toMatchObject({ status: "active", holder: { pid: fleet.bot()?.pid } });
    expect(state).toMatchObject({ status: "running", lease_active: true });
    expect(fleet.events()).toEqual(["start", "running"]);
  });

  it("is started again after kill -9, and answers", async () => {
    const before = fleet.bot()?.pid ?? 0;
    process.kill(before, "SIGKILL");
    await fleet.ready(supervisor, before);
    expect(fleet.events()).toEqual(["start", "running", "failed", "start", "running"]);
    expect(fleet.locks()).toEqual([true, true]);
    await sandbox.answer(chat, await sandbox.say(chat, "again"), /again/);
  });

  it("is closed through its lifecycle files, stays down, and gives its lock back", async () => {
    const pid = fleet.bot()?.pid;
    expect(await fleet.operator("close", "weather")).toContain(`pid ${pid}) is gone`);
    await fleet.until(supervisor, ({ state }) => state === "down");
    expect(fleet.events().slice(-1)).toEqual(["close"]);
    expect((await fleet.records()).state).toMatchObject({ status: "stopped", lease_active: false });
    await expect.poll(() => fleet.locks()).toEqual([false, false]);
    expect(await fleet.operator("close", "weather")).toContain("already closed");
  });

  it("comes back when an operator starts it", async () => {
    await fleet.operator("start", "weather");
    await fleet.ready(supervisor);
    expect(fleet.locks()).toEqual([true, true]);
    await sandbox.answer(chat, await sandbox.say(chat, "and now"), /and now/);
  });

  it("is stopped with the fleet: exit code 0, no lock, inactive lease, nothing left", async () => {
    supervisor.kill("SIGTERM");
    expect(await supervisor.end()).toBe(0);
    expect(fleet.locks()).toEqual([false, false]);
    expect(fleet.events().slice(-2)).toEqual(["stopping", "stopped"]);
    expect((await fleet.records()).lease?.status).toBe("inactive");
    expect(processesWith(fleet.home.dir)).toEqual([]);
    expect(fleet.home.allOutput()).not.toMatch(/\d{6,}:[A-Za-z0-9_-]{30,}/);
    expect((await sandbox.polling(fleet.weather.id)).overlappingPolls).toBe(0);
  });

  it("works in the sandbox that the supervisor embeds, without any token", async () => {
    const home = new FleetHome({
      fleetYaml: `bots:\n  main:\n  weather:\n    command: ["${python.path}", "-u", "${fleet.home.dir}/my_bot.py"]\n`,
    });
    try {
      const embedded = home.supervisor();
      await home.allReady(embedded);
      const own = await SandboxClient.of(embedded);
      const ownChat = await own.privateChat("weather");
      const answer = await own.answer(ownChat, await own.say(ownChat, "no token"), /no token/);
      expect(answer.text).toBe("You said: no token");
    } finally {
      await home.remove();
    }
  });
});
