import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiskRecordFiles } from "../../../../../bots/main/sessions/record/record-files.ts";
import type { SessionRecord } from "../../../../../bots/main/sessions/record/session-record.ts";
import { SessionStore } from "../../../../../bots/main/sessions/record/session-store.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { recordingLog } from "../../../../support/recording-log.ts";
import { MemoryRecords } from "../stage/memory-records.ts";

const record = (id: string, change: Partial<SessionRecord> = {}): SessionRecord => ({
  version: 1,
  id,
  name: id,
  conversation: { chatId: 7 },
  folder: id,
  agent: "demo",
  persona: "default",
  model: null,
  resumeId: null,
  process: null,
  status: "created",
  idleTimeoutMs: 600_000,
  createdAtMs: 0,
  lastActiveAtMs: 0,
  chosenAtMs: 0,
  turns: 0,
  costUsd: 0,
  ...change,
});

describe("the records of sessions", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sessions-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const clock = new ManualClock();

  it("come back from the disk as they were; a broken one is set aside", async () => {
    const log = recordingLog();
    const files = new DiskRecordFiles(root, clock, log);
    const store = await SessionStore.open(files, clock, log);
    await store.add(record("a", { conversation: { chatId: 7, topicId: 3 } }));
    await store.add(record("b"));
    store.change("a", { model: "opus" });
    await store.flush();
    writeFileSync(join(root, "b", "session.json"), "{");
    mkdirSync(join(root, "empty"));
    const later = await SessionStore.open(files, clock, log);
    expect(later.all()).toEqual([
      record("a", { conversation: { chatId: 7, topicId: 3 }, model: "opus" }),
    ]);
    expect(readdirSync(join(root, "b"))[0]).toMatch(/^session\.json\.broken-/);
    expect(log.of("error")).toHaveLength(1);
  });

  it("are not believed in a folder of another id", async () => {
    const log = recordingLog();
    mkdirSync(join(root, "b"));
    writeFileSync(join(root, "b", "session.json"), JSON.stringify(record("a")));
    const store = await SessionStore.open(new DiskRecordFiles(root, clock, log), clock, log);
    expect(store.all()).toEqual([]);
    expect(readFileSync(join(root, "b", "session.json"), "utf8")).toContain('"a"');
  });

  it("are written again until the disk takes them", async () => {
    const own = new ManualClock();
    const files = new MemoryRecords();
    const log = recordingLog();
    const store = await SessionStore.open(files, own, log);
    await store.add(record("a"));
    files.trouble = new Error("ENOSPC");
    store.change("a", { turns: 1 });
    await own.advance(4_000);
    files.trouble = undefined;
    await own.advance(2_000);
    expect(files.records.get("a")?.turns).toBe(1);
    expect(own.pendingTimers).toBe(0);
  });

  it("give a history to one session only: the one used last", async () => {
    const files = new MemoryRecords();
    const log = recordingLog();
    await files.write(record("a", { resumeId: "r", lastActiveAtMs: 1 }));
    await files.write(record("b", { resumeId: "r", lastActiveAtMs: 2 }));
    const store = await SessionStore.open(files, clock, log);
    await store.flush();
    expect(store.ownerOf("r")).toBe("b");
    expect(files.records.get("a")?.resumeId).toBeNull();
    expect(log.of("error")).toHaveLength(1);
  });
});
