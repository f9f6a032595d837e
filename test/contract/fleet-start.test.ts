import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import { eventually, type Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

const botNames = ["main", "buy_tracker", "public_trading_bot", "treasury"];

describe("a fleet without a token", () => {
  const home = new FleetHome();
  let supervisor: Program;
  let sandbox: SandboxClient;
  let startMs: number;

  beforeAll(async () => {
    const startedAt = performance.now();
    supervisor = home.supervisor();
    await home.allReady(supervisor);
    startMs = performance.now() - startedAt;
    sandbox = await SandboxClient.of(supervisor);
  });

  afterAll(() => home.remove());

  it("has its four bots ready and says where to talk to them", async () => {
    expect(home.status()?.bots.map(({ name, polling }) => [name, polling.state])).toEqual(
      botNames.map((name) => [name, "polling"]),
    );
    expect(supervisor.output).toContain(`${sandbox.url}/`);
    expect(supervisor.output).toContain("export TELEGRAM_BOT_TOKEN=");
    console.log(`start -> four bots ready: ${Math.round(startMs)} ms`);
  });

  it("answers a message through main and its demo agent", async () => {
    const chat = await sandbox.privateChat("main");
    await sandbox.answer(chat, await sandbox.say(chat, "/new work"), /^Session 'work' created/);
    const id = await sandbox.say(chat, "hello there");
    const answer = await sandbox.answer(chat, id, /hello there/);
    expect(answer.text).toMatch(/^turn 1: you said "hello there"/);
  });

  it.each(botNames)("answers /start, /help and /status of %s", async (name) => {
    const chat = await sandbox.privateChat(name);
    await sandbox.answer(chat, await sandbox.say(chat, "/start"), /\/help - /);
    await sandbox.answer(chat, await sandbox.say(chat, "/help"), /\/status - /);
    const status = await sandbox.answer(chat, await sandbox.say(chat, "/status"), /Errors in 24 h/);
    expect(status.text).toContain("Receiving: polling");
    const shownByMain = name === "main" ? "treasury: ready" : "Up for";
    expect(status.text).toContain(shownByMain);
  });

  it("serves a page", async () => {
    const headers = { authorization: `Bearer ${sandbox.key}` };
    const response = await fetch(`${sandbox.url}/`, { headers });
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("Sandbox");
  });

  it("holds the polling lock where the design says", () => {
    expect([home.lockExists, home.holderRecordExists]).toEqual([true, true]);
  });

  it("refuses a second supervisor, naming the holder, with exit code 75", async () => {
    const second = home.supervisor();
    expect(await second.end()).toBe(75);
    expect(second.output).toMatch(/ERROR \[supervisor\] Telegram polling lock is already held/);
    expect(second.output).toContain(String(supervisor.pid));
    expect(second.output).toContain("TELEGRAM_LOCK_DIR");
  });

  it("refuses a standalone main with exit code 75", async () => {
    const main = home.bot("main");
    expect(await main.end()).toBe(75);
    expect(main.output).toMatch(/ERROR \[main\] Telegram polling lock is already held/);
  });

  it("is shown by status, as a table and as JSON", async () => {
    const table = home.start("supervisor/main", ["status"]);
    expect(await table.end()).toBe(0);
    for (const name of botNames)
      expect(table.output).toMatch(new RegExp(`^${name} +ready +polling +\\d+`, "m"));
    const json = home.start("supervisor/main", ["status", "--json"]);
    expect(await json.end()).toBe(0);
    expect((JSON.parse(json.output) as { bots: unknown[] }).bots).toHaveLength(4);
  });

  it("brings a killed main back, and it answers", async () => {
    const before = home.status()?.bots[0]?.pid ?? 0;
    process.kill(before, "SIGKILL");
    const killedAt = performance.now();
    await eventually(
      () =>
        home
          .status()
          ?.bots.find(
            ({ name, pid, state }) => name === "main" && state === "ready" && pid !== before,
          ),
      () => supervisor.output,
    );
    const backMs = performance.now() - killedAt;
    console.log(`SIGKILL of main -> ready again: ${Math.round(backMs)} ms`);
    expect(backMs).toBeLessThan(5_000);
    const chat = await sandbox.privateChat("main");
    await sandbox.answer(chat, await sandbox.say(chat, "back?"), /back\?/);
  });

  it("has never polled one token twice at a time", async () => {
    const { bots } = await sandbox.state();
    const overlaps = await Promise.all(
      bots.map(async ({ id }) => (await sandbox.polling(id)).overlappingPolls),
    );
    expect(overlaps).toEqual(bots.map(() => 0));
  });

  it("stops in order on SIGTERM: exit code 0, no lock, nothing left", async () => {
    supervisor.kill("SIGTERM");
    expect(await supervisor.end()).toBe(0);
    expect([home.lockExists, home.holderRecordExists]).toEqual([false, false]);
    expect(processesWith(home.dir)).toEqual([]);
    expect(home.status()?.state).toBe("stopped");
    const status = home.start("supervisor/main", ["status"]);
    expect(await status.end()).toBe(1);
    expect(status.output).toContain("npm run supervisor");
  });

  it("has written a log for each process and no token anywhere", () => {
    for (const name of ["supervisor", ...botNames]) {
      expect(existsSync(join(home.stateDir, "logs", `${name}.log`)), name).toBe(true);
    }
    expect(home.allOutput()).not.toMatch(/\d{6,}:[A-Za-z0-9_-]{30,}/);
  });
});
