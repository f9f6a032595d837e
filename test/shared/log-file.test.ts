import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogFile } from "../../shared/log-file.ts";

const writer = fileURLToPath(new URL("../fixtures/log-writer.ts", import.meta.url));
let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "log-file-"));
  path = join(dir, "logs", "x.log");
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const numberOf = (name: string): number => Number(/\.(\d+)$/.exec(name)?.[1] ?? 0);

/** All lines, the oldest first. */
function lines(): string[] {
  const folder = join(dir, "logs");
  const names = readdirSync(folder).toSorted((a, b) => numberOf(b) - numberOf(a));
  return names.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1));
}

const recordsOf = (some: readonly string[]): number[] =>
  some.map((line) => Number(/record (\d+)$/.exec(line)?.[1]));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("a rotating log", () => {
  it("keeps every line in order over rotations, and only so many files of such a size", () => {
    const file = new LogFile(path, { maxBytes: 100, maxFiles: 3 });
    for (const number of upTo(40)) file.append(`record ${number}`);
    file.close();
    const kept = recordsOf(lines());
    expect(kept).toEqual(upTo(40).slice(-kept.length));
    const names = readdirSync(join(dir, "logs")).toSorted();
    expect(names).toEqual(["x.log", "x.log.1", "x.log.2", "x.log.3"]);
    for (const name of names) {
      expect(statSync(join(dir, "logs", name)).size).toBeLessThanOrEqual(100);
      expect(statSync(join(dir, "logs", name)).mode & 0o777).toBe(0o600);
    }
  });

  it("goes on in the file of an earlier process, and rotates that too", () => {
    for (const number of upTo(20)) {
      const file = new LogFile(path, { maxBytes: 100, maxFiles: 9 });
      file.append(`record ${number}`);
      file.close();
    }
    expect(recordsOf(lines())).toEqual(upTo(20));
    expect(readdirSync(join(dir, "logs")).length).toBeGreaterThan(1);
  });

  it("writes a line that is longer than the file may be, and does not rotate an empty one away", () => {
    const file = new LogFile(path, { maxBytes: 10, maxFiles: 3 });
    file.append("x".repeat(50));
    file.append("y");
    file.close();
    expect(lines()).toEqual(["x".repeat(50), "y"]);
  });

  it("says how many lines a disk refused as soon as it takes one again", () => {
    mkdirSync(path, { recursive: true });
    const file = new LogFile(path);
    file.append("lost");
    file.append("lost too");
    rmdirSync(path);
    file.append("back");
    file.close();
    expect(lines()).toEqual(["(2 lines are missing here: the disk refused them)", "back"]);
  });

  it("loses no line where the old file cannot be renamed", () => {
    const file = new LogFile(path, { maxBytes: 30, maxFiles: 1 });
    mkdirSync(`${path}.1/full`, { recursive: true });
    for (const number of upTo(10)) file.append(`record ${number}`);
    file.close();
    expect(recordsOf(readFileSync(path, "utf8").trim().split("\n"))).toEqual(upTo(10));
    chmodSync(path, 0o600);
  });

  it("has every record when the process exits right behind the last one", {
    timeout: 30_000,
  }, () => {
    const ended = spawnSync(process.execPath, ["--import", "tsx", writer, path, "5000"]);
    expect(ended.status).toBe(0);
    expect(recordsOf(lines())).toEqual(upTo(5000));
    expect(readdirSync(join(dir, "logs")).length).toBeGreaterThan(5);
  });

  it("has every record that a process told of before a SIGKILL, each one whole", {
    timeout: 30_000,
  }, async () => {
    const child = spawn(process.execPath, ["--import", "tsx", writer, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if (told.length > 20_000) child.kill("SIGKILL");
    });
    const giveUp = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await once(child, "close");
    clearTimeout(giveUp);
    const last = Number(
      told
        .trimEnd()
        .split("\n")
        .at(told.endsWith("\n") ? -1 : -2),
    );
    const kept = recordsOf(lines());
    expect(kept.length).toBeGreaterThanOrEqual(last);
    expect(kept).toEqual(upTo(kept.length));
  });
});
