import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WarmAgent } from "../../../../../bots/main/agents/warm/warm-agent.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { eventually } from "../../../../support/program.ts";
import { recordingLog } from "../../../../support/recording-log.ts";
import { FakeDriver } from "./fake-agent.ts";

const kind = { agent: "claude", persona: "default", model: undefined };
let root = "";
let clock = new ManualClock();
let driver = new FakeDriver();
let freeMb = 4_000;
let warm: WarmAgent;
let log = recordingLog();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "warm-"));
  clock = new ManualClock();
  driver = new FakeDriver();
  freeMb = 4_000;
  log = recordingLog();
  let ids = 0;
  warm = new WarmAgent({
    kind,
    driver,
    systemPrompt: "be brief",
    sessionsRoot: root,
    newFolderId: () => `id-${(ids += 1)}`,
    environmentFor: (id) => ({ MARK: id }),
    freeMemoryMb: () => freeMb,
    minFreeMb: 1_000,
    clock,
    random: () => 1,
    log,
  });
});
afterEach(async () => {
  await warm.close();
  expect(clock.pendingTimers).toBe(0);
  rmSync(root, { recursive: true });
});

/** Real folders are made, which takes a moment that is not the clock's. */
async function started(count: number): Promise<void> {
  await eventually(
    async () => {
      await clock.advance(0);
      return driver.started.length >= count;
    },
    () => `${driver.started.length} agents were started, next timer in ${clock.nextTimerInMs}`,
    3_000,
  );
}

/** Its folder is removed, and what comes next is set. */
async function gone(folder: string): Promise<void> {
  await eventually(
    () => !existsSync(join(root, folder)) && clock.pendingTimers === 1,
    () => `${folder} is there, or nothing comes next`,
  );
}

describe("a prepared agent", () => {
  it("waits in a folder of its own, with persona and mark", async () => {
    warm.open();
    await started(1);
    expect(driver.last.start).toEqual({
      folder: join(root, "id-1"),
      systemPrompt: "be brief",
      environment: { MARK: "id-1" },
    });
    expect(existsSync(join(root, "id-1"))).toBe(true);
  });

  it("is taken once, and the next one is prepared a bit later", async () => {
    warm.open();
    await started(1);
    driver.last.ready();
    const taken = warm.take(kind);
    expect(taken).toMatchObject({ folderId: "id-1" });
    expect(taken?.process).toBe(driver.last);
    expect(driver.last.listenerCount).toBe(0);
    expect(warm.take(kind)).toBeUndefined();
    await clock.advance(2_999);
    expect(driver.started).toHaveLength(1);
    await clock.advance(1);
    await started(2);
    expect(driver.last.start.folder).toBe(join(root, "id-2"));
  });

  it.each([
    ["another agent", { ...kind, agent: "demo" }],
    ["another persona", { ...kind, persona: "pirate" }],
    ["another model", { ...kind, model: "opus" }],
  ])("is not for who wants %s", async (_, wanted) => {
    warm.open();
    await started(1);
    expect(warm.take(wanted)).toBeUndefined();
    expect(warm.take(kind)).toBeDefined();
  });

  it("is left alone by a close once it was taken", async () => {
    warm.open();
    await started(1);
    warm.take(kind);
    await warm.close();
    expect(driver.last.stops).toBe(0);
    expect(existsSync(join(root, "id-1"))).toBe(true);
  });

  it("ends with the bot, its empty folder too", async () => {
    warm.open();
    await started(1);
    await warm.close();
    expect(driver.last.stops).toBe(1);
    expect(readdirSync(root)).toEqual([]);
    expect(warm.take(kind)).toBeUndefined();
  });

  it("leaves what somebody put into its folder", async () => {
    warm.open();
    await started(1);
    writeFileSync(join(root, "id-1", "note"), "mine");
    await warm.close();
    expect(readdirSync(root)).toEqual(["id-1"]);
  });

  it("is replaced when it dies, after longer and longer pauses", async () => {
    warm.open();
    await started(1);
    driver.last.exit("crashed");
    expect(warm.take(kind)).toBeUndefined();
    await gone("id-1");
    await clock.advance(4_999);
    expect(driver.started).toHaveLength(1);
    await clock.advance(1);
    await started(2);
    driver.last.exit("crashed");
    await gone("id-2");
    await clock.advance(9_999);
    expect(driver.started).toHaveLength(2);
    await clock.advance(1);
    await started(3);
    expect(log.of("warn")[0]).toContain("it broke");
  });

  it("that never becomes ready is given up", async () => {
    warm.open();
    await started(1);
    await clock.advance(60_000);
    await gone("id-1");
    expect(driver.last.stops).toBe(1);
    await clock.advance(5_000);
    await started(2);
  });

  it("is given back when memory is short, and comes again when it is not", async () => {
    warm.open();
    await started(1);
    driver.last.ready();
    freeMb = 999;
    await clock.advance(30_000);
    await gone("id-1");
    expect(driver.last.stops).toBe(1);
    await clock.advance(30_000);
    expect(driver.started).toHaveLength(1);
    freeMb = 1_000;
    await clock.advance(30_000);
    await started(2);
  });

  it("is not tried while something is missing", async () => {
    driver.lacks = "install it";
    warm.open();
    await clock.advance(0);
    expect(driver.started).toEqual([]);
    driver.lacks = undefined;
    await clock.advance(30_000);
    await started(1);
  });
});
