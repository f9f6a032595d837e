import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import { UsageError } from "../../../shared/errors.ts";
import { followLogs } from "../../../supervisor/inquiry/logs/follow-logs.ts";
import { hasLogs, readLogs } from "../../../supervisor/inquiry/logs/read-logs.ts";

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "logs-"));
  mkdirSync(join(stateDir, "logs"));
});
afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

const stamp = (second: number): string =>
  new Date(1_800_000_000_000 + second * 1_000).toISOString();
const line = (name: string, second: number, text: string): string =>
  `${stamp(second)} INFO  [${name}] ${text}\n`;
const path = (file: string): string => join(stateDir, "logs", file);
const texts = async (question: Parameters<typeof readLogs>[1]): Promise<string[]> =>
  (await readLogs(stateDir, question)).map(({ text }) => text);

it("where nothing was ever written are none, whosever are asked for", async () => {
  expect(await hasLogs(stateDir)).toBe(false);
  expect(await texts({ name: "main", lines: 100 })).toEqual([]);
  writeFileSync(path("supervisor.log"), line("supervisor", 4, "four"));
  expect(await hasLogs(stateDir)).toBe(true);
  await expect(texts({ name: "main", lines: 100 })).rejects.toThrow(UsageError);
});

describe("the logs of a fleet", () => {
  beforeEach(() => {
    writeFileSync(path("main.log.1"), line("main", 1, "one"));
    writeFileSync(
      path("main.log"),
      `${line("main", 3, "three")}    at stack\n${line("main", 5, "five")}`,
    );
    writeFileSync(path("supervisor.log"), line("supervisor", 4, "four"));
  });

  it("are one story in the order of time, with stacks where they belong, over rotations", async () => {
    expect(await texts({ lines: 100 })).toEqual(["one", "three\n    at stack", "four", "five"]);
  });

  it.each([
    [{ name: "supervisor", lines: 9 }, ["four"]],
    [{ lines: 2 }, ["four", "five"]],
    [{ since: Date.parse(stamp(4)), lines: 9 }, ["four", "five"]],
  ])("answer %j", async (question, expected) => {
    expect(await texts(question)).toEqual(expected);
  });

  it("name the logs there are where one is not", async () => {
    const asking = readLogs(stateDir, { name: "nobody", lines: 1 });
    await expect(asking).rejects.toThrow(UsageError);
    await expect(asking).rejects.toThrow(/main, supervisor/);
  });

  it("are followed over a rotation, each line once, equal ones of one moment too", async () => {
    const ended = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { text } of followLogs(
        stateDir,
        { name: "main", lines: 1 },
        systemClock,
        ended.signal,
      ))
        seen.push(text);
    })();
    await expect.poll(() => seen).toEqual(["five"]);
    appendFileSync(path("main.log"), line("main", 6, "six") + line("main", 6, "six"));
    await expect.poll(() => seen).toEqual(["five", "six", "six"]);
    renameSync(path("main.log"), path("main.log.1"));
    writeFileSync(path("main.log"), line("main", 7, "seven"));
    await expect.poll(() => seen).toEqual(["five", "six", "six", "seven"]);
    ended.abort();
    await following;
  });
});
