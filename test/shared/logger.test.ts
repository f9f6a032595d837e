import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LogFile } from "../../shared/log-file.ts";
import { createLog } from "../../shared/logger.ts";
import { redact } from "../../shared/redact.ts";
import { recordingLog } from "../support/recording-log.ts";

const secret = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const token = `110201543:${secret}`;

describe("the log", () => {
  it("writes one readable line per record", () => {
    const log = recordingLog("treasury");
    log.warn("polling disabled: lock held", { holder: "bot main", pid: 17, nothing: undefined });
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}\[treasury\] polling disabled: lock held holder="bot main" pid=17$/,
    );
  });

  it("indents the further lines of a record: they belong to it, and pass for no other", () => {
    const log = recordingLog();
    const error = new Error("first\n2026-01-01T00:00:00.000Z INFO  [main] forged");
    log.error("two\nlines\n  here", { error });
    const [first, ...further] = (log.lines[0] ?? "").split("\n");
    expect(first).toMatch(/ERROR \[\w+\] two$/);
    expect(further.slice(0, 2)).toEqual(["    lines", "  here error=Error: first"]);
    expect(further.every((line) => /^\s/.test(line))).toBe(true);
  });

  it.each([
    [
      "in the message",
      (log: ReturnType<typeof recordingLog>) => {
        log.info(`token ${token}`);
      },
    ],
    [
      "in a fact",
      (log: ReturnType<typeof recordingLog>) => {
        log.info("x", { url: `http://h/bot${token}/getMe` });
      },
    ],
    [
      "in the cause of an error",
      (log: ReturnType<typeof recordingLog>) => {
        log.error("x", {
          error: new Error("failed", { cause: new Error(`http://h/bot${token}/getMe`) }),
        });
      },
    ],
  ])("never shows a token %s", (_, write) => {
    const log = recordingLog();
    write(log);
    expect(log.lines.join("\n")).not.toContain(secret);
    expect(log.lines.join("\n")).toContain("110201543:<redacted>");
  });
});

describe("redaction", () => {
  it.each([
    ["a plain token", token, "110201543:<redacted>"],
    ["a token in a path", `/bot${token}/getMe`, "/bot110201543:<redacted>/getMe"],
    ["an encoded colon", `bot110201543%3A${secret}`, "bot110201543:<redacted>"],
    ["a time", "12:30:45 and 2026:05", "12:30:45 and 2026:05"],
  ])("of %s", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

describe("the log file", () => {
  it("rotates by size and loses no line", () => {
    const dir = mkdtempSync(join(tmpdir(), "log-file-"));
    const path = join(dir, "logs", "x.log");
    const file = new LogFile(path, { maxBytes: 200, maxFiles: 20 });
    const log = createLog({ label: "x", level: "info", file, print: () => undefined });
    for (let number = 0; number < 40; number += 1) log.info(`line ${number}`);
    file.close();
    const rotated = Array.from({ length: 20 }, (_, index) => `${path}.${index + 1}`);
    const text = [path, ...rotated].map((name) => readIfThere(name)).join("");
    const numbers = [...text.matchAll(/line (\d+)/g)]
      .map((match) => Number(match[1]))
      .toSorted((a, b) => a - b);
    rmSync(dir, { recursive: true });
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(text).not.toContain("missing");
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
