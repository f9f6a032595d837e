import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPicture } from "../../../supervisor/control/client.ts";
import type { PictureBot } from "../../../supervisor/control/contract/picture.ts";
import { FleetHome, patientFleet } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";

const home = new FleetHome({ fleetYaml: patientFleet });
let supervisor: Program;

/** What the issue promises. */
const withinMs = 1_000;

beforeAll(async () => {
  supervisor = home.supervisor();
  await home.allReady(supervisor);
});

afterAll(() => home.remove());

async function seen(name: string): Promise<PictureBot> {
  const bot = (await askPicture(home.stateDir)).bots.find((each) => each.name === name);
  if (bot === undefined) throw new Error(`no ${name}`);
  return bot;
}

/** One letter of /proc; undefined where the process is gone or a zombie. */
function processState(pid: number | undefined): string | undefined {
  if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return undefined;
  const state = /^.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
  return state === "Z" || state === "X" ? undefined : state;
}

/** Resolves with the first picture that says so, which must come in time, and must agree with /proc. */
async function truth(name: string, fits: (bot: PictureBot) => boolean): Promise<PictureBot> {
  const bot = await eventually(
    async () => {
      const found = await seen(name);
      return fits(found) ? found : undefined;
    },
    () =>
      `${name} as expected; ${readFileSync(join(home.stateDir, "supervisor/status.json"), "utf8")}`,
    withinMs,
  );
  // The process may have changed since; what runs now is what the next picture tells.
  await eventually(
    async () => {
      const { pid } = await seen(name);
      return pid === undefined || processState(pid) !== undefined;
    },
    () => `${name} runs as /proc has it`,
  );
  return bot;
}

const ready = (name: string): Promise<PictureBot> =>
  eventually(
    async () => {
      const bot = await seen(name);
      return bot.state === "ready" && bot.silentSince === undefined ? bot : undefined;
    },
    () => supervisor.output,
  );

describe("status, within a second", () => {
  it("shows the process of every bot, how long it is up and what it uses", async () => {
    const picture = await askPicture(home.stateDir);
    for (const { name, pid, startedAt, usage } of picture.bots) {
      expect(processState(pid), name).toBeDefined();
      expect(startedAt, name).toBeGreaterThan(picture.startedAt - 1);
      expect(usage?.memoryBytes, name).toBeGreaterThan(20e6);
      expect(usage?.processes, name).toBeGreaterThanOrEqual(1);
    }
    const rss = Number(
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${supervisor.pid}/status`, "utf8"))?.[1],
    );
    expect((picture.usage?.memoryBytes ?? 0) / 1024 / rss).toBeGreaterThan(0.8);
    expect((picture.usage?.memoryBytes ?? 0) / 1024 / rss).toBeLessThan(1.2);
  });

  it("is right after a SIGKILL", async () => {
    const { pid = 0 } = await ready("treasury");
    process.kill(pid, "SIGKILL");
    const after = await truth("treasury", (bot) => bot.pid !== pid);
    expect(after.reason).toContain("SIGKILL");
    expect((await ready("treasury")).restarts).toBe(1);
  });

  it("is right after a hang, and when it is over", async () => {
    const { pid = 0 } = await ready("treasury");
    process.kill(pid, "SIGSTOP");
    const hung = await truth("treasury", (bot) => bot.silentSince !== undefined);
    expect([hung.pid, processState(pid)]).toEqual([pid, "T"]);
    const table = home.start("supervisor/main", ["status"]);
    expect(await table.end()).toBe(0);
    expect(table.output).toMatch(/^treasury +no answer .*its process is suspended$/m);
    process.kill(pid, "SIGCONT");
    await truth("treasury", (bot) => bot.silentSince === undefined && bot.pid === pid);
  });

  it.each([
    ["stop", (bot: PictureBot) => ["down", "stopping"].includes(bot.state), "down"],
    ["start", (bot: PictureBot) => bot.state !== "down", "ready"],
    ["restart", (bot: PictureBot) => bot.startedAt !== undefined, "ready"],
  ] as const)("is right after %s", async (order, fits, end) => {
    const { pid } = await seen("treasury");
    const command = home.start("supervisor/main", [order, "treasury"]);
    expect(await command.end(), command.output).toBe(0);
    await truth("treasury", (bot) => bot.pid !== pid || bot.state === "stopping");
    await truth("treasury", fits);
    await eventually(
      async () => (await seen("treasury")).state === end,
      () => `${end}\n${supervisor.output}`,
    );
    expect(processState(pid)).toBeUndefined();
  });

  it("says of a supervisor that is suspended that it does not answer", async () => {
    supervisor.kill("SIGSTOP");
    const status = home.start("supervisor/main", ["status"]);
    expect(await status.end()).toBe(1);
    supervisor.kill("SIGCONT");
    expect(status.output).toMatch(/does not answer within 5 s: it hangs or is suspended/);
  });

  it("is right after a close", async () => {
    const { pid } = await ready("buy_tracker");
    const command = home.start("supervisor/main", ["close", "buy_tracker"]);
    expect(await command.end(), command.output).toBe(0);
    await truth("buy_tracker", (bot) => bot.state === "down" && bot.pid === undefined);
    expect(processState(pid)).toBeUndefined();
  });
});
