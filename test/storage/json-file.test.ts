import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { inspectJsonFile, readJsonFile } from "../../shared/storage/json-file.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { recordingLog } from "../support/recording-log.ts";

const schema = z.object({ epoch: z.int() });
const clock = new ManualClock();
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "json-file-"));
  path = join(folder, "state.json");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a JSON state file", () => {
  it("is undefined where it is absent, without a word", async () => {
    const log = recordingLog();
    expect(await readJsonFile(path, schema, log, clock)).toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  it("is read and checked", async () => {
    writeFileSync(path, '{"epoch": 4, "later": "ignored"}');
    expect(await readJsonFile(path, schema, recordingLog(), clock)).toEqual({ epoch: 4 });
  });

  it.each([
    { name: "cut short", text: '{"epoch": 4', problem: /JSON/ },
    { name: "empty", text: "", problem: /JSON/ },
    { name: "of another shape", text: '{"epoch": "4"}', problem: /^epoch: .*expected int|number/ },
  ])("that is $name is set aside and reported", async ({ text, problem }) => {
    writeFileSync(path, text);
    const log = recordingLog();
    const file = await inspectJsonFile(path, schema, log, clock);
    if (file.kind !== "broken" || file.movedTo === undefined) throw new Error("must be broken");
    expect(file.problem).toMatch(problem);
    expect(readFileSync(file.movedTo, "utf8")).toBe(text);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(log.of("error")).toEqual([expect.stringContaining(`movedTo=${file.movedTo}`)]);
    expect(await readJsonFile(path, schema, log, clock)).toBeUndefined();
  });

  it("that is a folder is set aside too", async () => {
    mkdirSync(path);
    const file = await inspectJsonFile(path, schema, recordingLog(), clock);
    expect(file).toMatchObject({ kind: "broken", problem: "it is a folder" });
  });
});
