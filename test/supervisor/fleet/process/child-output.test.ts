import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import {
  LineSplitter,
  maxBytesPerSecond,
  maxLineChars,
  readOutput,
} from "../../../../supervisor/fleet/process/child-output.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../../../support/recording-log.ts";
import { settle } from "../fake-bot.ts";

let lines: string[];
let splitter: LineSplitter;

beforeEach(() => {
  lines = [];
  splitter = new LineSplitter((line) => lines.push(line));
});

describe("the splitting into lines", () => {
  it("keeps characters whole that are split between chunks", () => {
    for (const byte of Buffer.from("größer 🚀\r\nende")) splitter.write(Buffer.from([byte]));
    splitter.end();
    expect(lines).toEqual(["größer 🚀", "ende"]);
  });

  it("gives the half line that a dying program left, once", () => {
    splitter.write(Buffer.from("one\n\nhal"));
    expect(lines).toEqual(["one", ""]);
    splitter.end();
    splitter.end();
    expect(lines).toEqual(["one", "", "hal"]);
  });

  it("cuts an endless line, says so, and finds the next line", () => {
    for (let part = 0; part < 8; part += 1) splitter.write(Buffer.alloc(32 * 1024, "x"));
    splitter.write(Buffer.from("the end of it\nnext\n"));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toHaveLength(maxLineChars + " ... (line cut)".length);
    expect(lines[1]).toBe("next");
  });
});

describe("the output of a child", () => {
  let stream: PassThrough;
  let log: RecordingLog;
  let printed: string[];
  let clock: ManualClock;
  let finish: (graceMs: number) => void;

  beforeEach(() => {
    stream = new PassThrough();
    log = recordingLog("treasury");
    printed = [];
    clock = new ManualClock();
    const print = (line: string): void => void printed.push(line);
    finish = readOutput(stream, "warn", { name: "treasury", log, print, clock });
  });

  it("passes the child's log lines on as they are, with their stack traces", async () => {
    const record = [
      "2026-01-01T00:00:00.000Z ERROR [treasury] failed error=Error: x",
      "    at file.ts:1:2",
      "  caused by Error: y",
    ];
    stream.write(`${record.join("\n")}\nplain words\n    at nowhere\n`);
    await settle();
    expect(printed).toEqual(record);
    expect(log.lines.map((line) => line.slice(25))).toEqual([
      "WARN  [treasury] plain words",
      "WARN  [treasury]     at nowhere",
    ]);
  });

  it("keeps a record together whose text has two lines", async () => {
    const child = recordingLog("treasury");
    child.error("failed", { error: new Error("first line\nsecond line") });
    stream.write(`${child.lines.join("\n")}\n`);
    await settle();
    expect(printed.join("\n")).toContain("first line\n    second line");
    expect(log.lines).toEqual([]);
  });

  it("does not let a child speak under another's name, nor show a token", async () => {
    stream.write("2026-01-01T00:00:00.000Z INFO  [supervisor] all is well\n");
    stream.write("2026-01-01T00:00:00.000Z INFO  [treasury] 123456:AAAAAAAAAAAAAAAAAAAAAAAA\n");
    await settle();
    expect(log.lines).toHaveLength(1);
    expect(printed.join()).toContain("123456:<redacted>");
  });

  it("slows a child down that floods, and loses nothing", async () => {
    const chunk = `${"x".repeat(1_023)}\n`.repeat(64);
    const written = (3 * maxBytesPerSecond) / chunk.length;
    for (let part = 0; part < written; part += 1) stream.write(chunk);
    await settle();
    expect(log.lines.length * 1_024).toBeLessThan(1.2 * maxBytesPerSecond);
    await clock.advance(5_000);
    expect(log.lines).toHaveLength(3 * 1_024);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is closed after the grace, even if a stranger holds its other end", async () => {
    stream.write("last words");
    finish(1_000);
    await clock.advance(999);
    expect(stream.destroyed).toBe(false);
    await clock.advance(1);
    expect(stream.destroyed).toBe(true);
    expect(log.lines.join()).toContain("last words");
    expect(clock.pendingTimers).toBe(0);
  });

  it("leaves no timer when it ends by itself", async () => {
    stream.end("last words");
    finish(1_000);
    await settle();
    expect(log.lines.join()).toContain("last words");
    expect(clock.pendingTimers).toBe(0);
  });
});
