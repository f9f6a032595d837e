import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { closeListener } from "../../shared/lifecycle/close-listener.ts";
import { peekRecords } from "../../shared/lifecycle/listener-records.ts";
import { identityOf } from "../../shared/lifecycle/records/lease.ts";
import { type Waited, waitUntilGone } from "../../shared/lifecycle/wait-until-gone.ts";
import { eventsOf, historyOf, startListener } from "../support/listener-program.ts";
import type { Program } from "../support/program.ts";

let folder = "";
let root = "";
const programs: Program[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "listener-files-"));
  root = join(folder, "main");
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    if (program.running) program.kill("SIGKILL");
    await program.end();
  }
  rmSync(folder, { recursive: true, force: true });
});

function listen(drainMs = 0): Program {
  const program = startListener(root, drainMs);
  programs.push(program);
  return program;
}

async function running(drainMs = 0): Promise<Program> {
  const program = listen(drainMs);
  await program.printed(/running/);
  return program;
}

const close = () => closeListener({ root, by: "the test", clock: systemClock });
const gone = async (timeoutMs: number): Promise<Waited> => {
  const { lease } = await peekRecords(root);
  if (lease === undefined) throw new Error("no lease");
  return await waitUntilGone(identityOf(lease.holder), { clock: systemClock, timeoutMs });
};

describe("a listener in a process of its own", () => {
  it("has its files from the start, with its identity in them", async () => {
    const listener = await running();
    const { lease, state } = await peekRecords(root);
    expect(lease).toMatchObject({ status: "active", epoch: 1, holder: { pid: listener.pid } });
    expect(state).toMatchObject({ status: "running", lease: lease?.id, lease_active: true });
    expect(eventsOf(root)).toEqual(["start", "running"]);
    expect(readdirSync(root).toSorted()).toEqual(["history.md", "lease.yaml", "state.yaml"]);
  });

  it("refuses a second one with exit code 75, naming the first", async () => {
    const first = await running();
    const second = listen();
    expect(await second.end()).toBe(75);
    expect(second.output).toMatch(
      new RegExp(`refused: main, pid ${first.pid} on .*listens here since`),
    );
    expect(eventsOf(root)).toEqual(["start", "running"]);
  });

  it("ends when another process closes it, and the closer knows when it is gone", async () => {
    const listener = await running(300);
    const startMs = systemClock.monotonic();
    expect(await close()).toMatchObject({ result: "closed", holder: { pid: listener.pid } });
    await listener.printed(/noticed/);
    expect(systemClock.monotonic() - startMs).toBeLessThan(1_000);
    expect(await gone(100)).toBe("still_there");
    expect(await gone(10_000)).toBe("gone");
    expect(await listener.end()).toBe(0);
    expect(listener.output).toContain("stopped: closed by the test");
    expect(eventsOf(root)).toEqual(["start", "running", "close"]);
    expect((await peekRecords(root)).state).toMatchObject({
      last_event: "close",
      status: "stopped",
    });
    expect((await close()).result).toBe("already_closed");
    expect(eventsOf(root)).toEqual(["start", "running", "close"]);
  });

  it("that was killed is recorded as crashed by the next, which keeps the history and counts on", async () => {
    const first = await running();
    first.kill("SIGKILL");
    await first.end();
    const second = await running();
    expect(second.output).toMatch(/running \w+ epoch 2/);
    expect(eventsOf(root)).toEqual(["start", "running", "crashed", "start", "running"]);
    expect(historyOf(root)[2]?.text).toContain(`pid ${first.pid} on `);
    expect(historyOf(root)[2]?.text).toContain(`found by main, pid ${second.pid} on `);
    second.kill("SIGTERM");
    expect(await second.end()).toBe(0);
    expect(eventsOf(root).slice(5)).toEqual(["stopping", "stopped"]);
  });

  it.each([
    ["lease.yaml", "status: active", "status: actve", /lease\.yaml:\d+:\d+: status: .*set aside/s],
    [
      "state.yaml",
      "lease_active: true",
      "lease_actve: true",
      /unknown key, did you mean "lease_active"/,
    ],
    ["state.yaml", "version: 1", "version: [", /state\.yaml:\d+:\d+: /],
  ])("refuses a damaged %s (%s -> %s) with exit code 78, once", async (name, from, to, problem) => {
    const first = await running();
    first.kill("SIGKILL");
    await first.end();
    const path = join(root, name);
    const damaged = readFileSync(path, "utf8").replace(from, to);
    writeFileSync(path, damaged);
    const second = listen();
    expect(await second.end()).toBe(78);
    expect(second.output).toMatch(problem);
    const aside = readdirSync(root).filter((file) => file.startsWith(`${name}.broken-`));
    expect(aside.map((file) => readFileSync(join(root, file), "utf8"))).toEqual([damaged]);
    expect(eventsOf(root)).toEqual(["start", "running"]);
    await running();
    expect(eventsOf(root).filter((event) => event === "start")).toHaveLength(2);
  });

  it("ends within a second when a hand makes its lease inactive", async () => {
    const listener = await running();
    const path = join(root, "lease.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("status: active", "status: inactive"));
    const startMs = systemClock.monotonic();
    await listener.printed(/noticed/);
    expect(systemClock.monotonic() - startMs).toBeLessThan(1_000);
    expect(await listener.end()).toBe(0);
    expect(historyOf(root).map(({ event, text }) => `${event} ${text}`)[2]).toBe(
      "close by hand (lease.yaml was edited)",
    );
  });
});
