import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

interface Shown {
  readonly bot: string;
  readonly name: string;
  readonly conversation: { readonly chatId: number; readonly topicId?: number };
  readonly agent: string;
  readonly status: string;
  readonly pid?: number;
  readonly waiting: number;
  readonly turns: number;
  readonly lastActiveAt: number;
}

const home = new FleetHome({ fleetYaml: "bots:\n  main:\n" });
let sandbox: SandboxClient;
let chat: number;
let mainPid: number;

beforeAll(async () => {
  const supervisor = home.supervisor();
  const status = await home.allReady(supervisor);
  mainPid = status.bots[0]?.pid ?? 0;
  sandbox = await SandboxClient.of(supervisor);
  chat = await sandbox.privateChat("main");
});

afterAll(() => home.remove());

/** As a script reads them. */
async function sessions(): Promise<Shown[]> {
  const token = readFileSync(join(home.stateDir, "supervisor", "page-token"), "utf8").trim();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${home.status()?.pageUrl ?? ""}/api/sessions`, { headers });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { sessions: Shown[] }).sessions;
}

function shown(fits: (session: Shown) => boolean, name = "work"): Promise<Shown> {
  return eventually(
    async () => (await sessions()).find((session) => session.name === name && fits(session)),
    () => `the session ${name} shown so`,
    5_000,
  );
}

function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

async function say(text: string, answer: RegExp): Promise<void> {
  await sandbox.answer(chat, await sandbox.say(chat, text), answer);
}

describe("the sessions of a fleet", () => {
  it("are none at first", async () => {
    expect(await sessions()).toEqual([]);
    const command = home.start("supervisor/main", ["sessions"]);
    expect(await command.end()).toBe(0);
    expect(command.output.trim()).toBe("No sessions.");
  });

  it("appear with the process that lives when somebody talks", async () => {
    await say("/new work", /created/);
    await say("hello there", /you said "hello there"/);
    const session = await shown(({ status, turns }) => status === "idle" && turns === 1);
    expect(session).toMatchObject({ bot: "main", agent: "demo", waiting: 0 });
    expect(session.conversation.topicId).toBeUndefined();
    expect(Math.abs(Date.now() - session.lastActiveAt)).toBeLessThan(10_000);
    expect(parentOf(session.pid ?? 0)).toBe(mainPid);
  });

  it("show what waits while a turn runs", async () => {
    await sandbox.say(chat, "slow 4");
    const busy = await shown(({ status }) => status === "active");
    expect(busy.waiting).toBe(0);
    await sandbox.say(chat, "and then this");
    await shown(({ waiting }) => waiting === 1);
    await say("/stop", /topped|ancelled|erminated/);
    await shown(({ waiting, status }) => waiting === 0 && status !== "active");
  });

  it("tell at once that a process is gone", async () => {
    await say("wake up", /you said "wake up"/);
    const { pid = 0 } = await shown((session) => session.pid !== undefined);
    process.kill(pid, "SIGKILL");
    const killedAt = performance.now();
    const after = await shown((session) => session.pid !== pid);
    expect(performance.now() - killedAt).toBeLessThan(3_000);
    expect(after.pid).toBeUndefined();
  });

  it("are shown by the command line, as a table and as JSON", async () => {
    const table = home.start("supervisor/main", ["sessions"]);
    expect(await table.end()).toBe(0);
    expect(table.output).toMatch(
      /^bot +session +chat +agent +model +status +pid +waiting +last active/,
    );
    expect(table.output).toMatch(/^main +work +/m);
    const json = home.start("supervisor/main", ["sessions", "--json"]);
    expect(await json.end()).toBe(0);
    expect((JSON.parse(json.output) as Shown[]).map(({ name }) => name)).toEqual(["work"]);
  });

  it("outlive main, without a process until somebody talks", async () => {
    await say("are you there", /you said "are you there"/);
    await shown((session) => session.pid !== undefined);
    process.kill(mainPid, "SIGKILL");
    const back = await eventually(
      () => home.status()?.bots.find(({ pid, state }) => state === "ready" && pid !== mainPid),
      () => "main is back",
    );
    mainPid = back.pid ?? 0;
    const resting = await shown(({ status }) => status === "suspended");
    expect(resting.pid).toBeUndefined();
    await say("again", /you said "again"/);
    const live = await shown(({ pid }) => pid !== undefined);
    expect(parentOf(live.pid ?? 0)).toBe(mainPid);
  });

  it("are gone when they are archived, and while main is stopped", async () => {
    await say("/new other", /created/);
    await shown(() => true, "other");
    await say("/archive", /rchived/);
    await eventually(
      async () => (await sessions()).every(({ name }) => name !== "other"),
      () => "archived",
    );
    const stop = home.start("supervisor/main", ["stop", "main"]);
    expect(await stop.end()).toBe(0);
    await eventually(
      async () => (await sessions()).length === 0,
      () => "nothing is said of what nobody knows",
    );
  });
});
