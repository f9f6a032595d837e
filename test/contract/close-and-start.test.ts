import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotStatus } from "../../shared/contract/fleet-status.ts";
import { FleetHome } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import { eventually, type Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

/** One home, from the first start to the last close, as an operator would go through it. */
describe("an operator with the lifecycle files", () => {
  const home = new FleetHome();
  let supervisor: Program;

  beforeAll(async () => {
    supervisor = home.supervisor();
    await home.allReady(supervisor);
  });

  afterAll(() => home.remove());

  const bot = (name: string): BotStatus | undefined =>
    home.status()?.bots.find((each) => each.name === name);
  const file = (listener: string, name: string): string =>
    readFileSync(join(home.stateDir, "listeners", listener, name), "utf8");

  async function command(...args: string[]): Promise<{ code: number | null; output: string }> {
    const program = home.start("supervisor/main", args);
    return { code: await program.end(), output: program.output };
  }

  it("finds lease, state and history of every bot and of the supervisor", async () => {
    for (const listener of ["supervisor", "main", "treasury"]) {
      await eventually(
        () => file(listener, "state.yaml").includes("status: running"),
        () => file(listener, "state.yaml"),
      );
      expect(file(listener, "lease.yaml")).toContain("status: active");
      expect(file(listener, "history.md")).toContain("**start**");
    }
  });

  it("closes a bot: its process is gone, the files say so once, and it stays down", async () => {
    const pid = bot("treasury")?.pid ?? 0;
    const { code, output } = await command("close", "treasury");
    expect(code).toBe(0);
    expect(output).toContain("treasury: closed.");
    expect(output).toContain(`pid ${pid}) is gone`);
    expect(file("treasury", "state.yaml")).toMatch(
      /status: stopped[\s\S]*lease_active: false[\s\S]*last_event: close/,
    );
    expect(count(file("treasury", "history.md"), /\*\*close\*\*/g)).toBe(1);
    await eventually(
      () => bot("treasury")?.state === "down",
      () => supervisor.output,
    );
    expect(bot("treasury")?.restarts).toBe(0);
  });

  it("closes it again calmly, without a second event", async () => {
    const { code, output } = await command("close", "treasury");
    expect([code, output]).toEqual([0, expect.stringContaining("already closed")]);
    expect(count(file("treasury", "history.md"), /\*\*close\*\*/g)).toBe(1);
  });

  it.each([
    ["nobody", 64, /There is no bot "nobody" in this fleet/],
    ["./nowhere", 1, /Nothing was started in .*nowhere/],
  ])("is told what is not there: %s", async (target, expected, words) => {
    const { code, output } = await command("close", target);
    expect([code, output]).toEqual([expected, expect.stringMatching(words)]);
  });

  it("stops another bot through the supervisor", async () => {
    expect((await command("stop", "buy_tracker")).code).toBe(0);
    await eventually(
      () => bot("buy_tracker")?.state === "down",
      () => supervisor.output,
    );
    expect((await command("stop", "nobody")).code).toBe(64);
  });

  it("finds both down after the supervisor's restart, named with the way back", async () => {
    supervisor.kill("SIGTERM");
    expect(await supervisor.end()).toBe(0);
    supervisor = home.supervisor();
    await eventually(
      () => home.status()?.supervisor.pid === supervisor.pid && bot("main")?.state === "ready",
      () => supervisor.output,
    );
    for (const name of ["treasury", "buy_tracker"]) {
      expect(bot(name)).toMatchObject({
        state: "down",
        reason: expect.stringMatching(/^stopped by .+ at \d{4}-/),
      });
      expect(supervisor.output).toMatch(
        new RegExp(`${name} stays down.*tg-supervisor start ${name}`),
      );
    }
  });

  it("starts them again", async () => {
    for (const name of ["treasury", "buy_tracker"]) {
      expect((await command("start", name)).code).toBe(0);
      await eventually(
        () => bot(name)?.state === "ready",
        () => supervisor.output,
      );
    }
    const sandbox = await SandboxClient.of(supervisor);
    const chat = await sandbox.privateChat("treasury");
    await sandbox.answer(chat, await sandbox.say(chat, "/start"), /Treasury/);
  });

  it("cannot start a second one while the lease is held, and is told by whom", async () => {
    const second = home.start("supervisor/main", ["listen", "treasury"]);
    expect(await second.end()).toBe(75);
    expect(second.output).toContain(`pid ${bot("treasury")?.pid}`);
    const main = home.start("supervisor/main", ["listen", "main"], { SKIP_TELEGRAM_LOCK: "1" });
    expect(await main.end()).toBe(75);
    expect(main.output).toMatch(/ERROR \[main\] Telegram polling lock is already held/);
  });

  it("finds a killed bot recorded as crashed, its epoch continued", async () => {
    const before = bot("treasury")?.pid ?? 0;
    process.kill(before, "SIGKILL");
    await eventually(
      () => bot("treasury")?.state === "ready" && bot("treasury")?.pid !== before,
      () => supervisor.output,
    );
    expect(file("treasury", "history.md")).toContain("crashed");
    expect(count(file("treasury", "history.md"), /\*\*start\*\*/g)).toBe(3);
  });

  it("closes the supervisor, and with it the fleet; that is not remembered", async () => {
    const { code, output } = await command("close", "supervisor");
    expect([code, output]).toEqual([0, expect.stringContaining("is gone")]);
    expect(await supervisor.end()).toBe(0);
    expect(processesWith(home.dir)).toEqual([]);
    expect(home.lockExists).toBe(false);
    expect(existsSync(join(home.stateDir, "supervisor", "control.sock"))).toBe(false);
    supervisor = home.supervisor();
    await home.allReady(supervisor);
  });

  it("runs one bot in the foreground and closes it from another process", async () => {
    supervisor.kill("SIGTERM");
    await supervisor.end();
    // Without a supervisor there is no sandbox either; one that runs alone serves the bot.
    const sandbox = home.start("supervisor/main", ["sandbox"]);
    await sandbox.printed(/Sandbox: http/);
    const foreground = home.start("supervisor/main", ["listen", "treasury"]);
    await foreground.printed(/\[treasury\] ready/);
    expect((await command("close", "treasury")).code).toBe(0);
    expect(await foreground.end()).toBe(0);
    expect(foreground.output).toMatch(/stopped cause=closed/);
  });

  it("prints a unit for systemd", async () => {
    const { code, output } = await command("service", "print");
    expect(code).toBe(0);
    expect(output).toContain("Type=notify");
    expect(output).toContain("RestartPreventExitStatus=64 69 78");
    expect(output).toMatch(/ExecStart=.*tg-supervisor\.mjs"? "?up/);
  });
});

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
