import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendHistory } from "../../../shared/lifecycle/history-file.ts";
import { formatEntry, type HistoryEntry } from "../../../shared/lifecycle/records/history.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "history-"));
  path = join(folder, "history.md");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (event: HistoryEntry["event"], leaseId = "L", text = "grüß"): HistoryEntry => ({
  at: "2026-01-01T00:00:00.000Z",
  event,
  leaseId,
  text,
});
const lines = (): string[] => readFileSync(path, "utf8").split("\n");

describe("the history file", () => {
  it("begins with a heading and grows by one line per entry", async () => {
    await appendHistory(path, "main", entry("start"));
    await appendHistory(path, "main", entry("running"));
    expect(lines()).toEqual([
      "# History of main",
      "",
      "One line per transition, newest last; written by tg-supervisor, described in docs/lifecycle-files.md.",
      "",
      formatEntry(entry("start")),
      formatEntry(entry("running")),
      "",
    ]);
  });

  it("has each event of a lease once, however often it is appended", async () => {
    for (const lease of ["L", "M", "L", "M"])
      await appendHistory(path, "main", entry("close", lease, `by ${lease}`));
    expect(lines().filter((line) => line.includes("**close**"))).toHaveLength(2);
  });

  it("completes a line torn at any byte", async () => {
    await appendHistory(path, "main", entry("start"));
    const before = readFileSync(path);
    await appendHistory(path, "main", entry("close"));
    const whole = readFileSync(path);
    for (let size = before.length; size < whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      await appendHistory(path, "main", entry("close"));
      // Without its line end alone the line is whole; the next append ends it.
      const expected = size === whole.length - 1 ? whole.subarray(0, size) : whole;
      expect(readFileSync(path)).toEqual(expected);
    }
    writeFileSync(path, whole.subarray(0, -1));
    await appendHistory(path, "main", entry("start", "M"));
    expect(lines().slice(-4)).toEqual([
      formatEntry(entry("start")),
      formatEntry(entry("close")),
      formatEntry(entry("start", "M")),
      "",
    ]);
  });

  it("keeps what a person wrote at the end without a line end", async () => {
    writeFileSync(path, "# Mine\n- restarted the router");
    await appendHistory(path, "main", entry("start"));
    expect(lines()).toEqual(["# Mine", "- restarted the router", formatEntry(entry("start")), ""]);
  });

  it("reads only the end of a long file", async () => {
    writeFileSync(path, `${formatEntry(entry("start"))}\n${"x".repeat(99)}\n`.repeat(3_000));
    await appendHistory(path, "main", entry("close"));
    await appendHistory(path, "main", entry("close"));
    expect(lines().filter((line) => line.includes("**close**"))).toHaveLength(1);
  });

  it("that is full is kept as history.1.md, and the new one begins with the entry", async () => {
    const full = `# Mine\n${"x".repeat(99)}\n`.repeat(11_000);
    writeFileSync(path, full);
    expect(await appendHistory(path, "main", entry("start"))).toBe("appended");
    expect(readFileSync(join(folder, "history.1.md"), "utf8")).toBe(full);
    expect(lines()[0]).toBe("# History of main");
    expect(lines().at(-2)).toBe(formatEntry(entry("start")));
    expect(await appendHistory(path, "main", entry("start"))).toBe("there");
  });

  it("stays in its bounds, whatever happens how often, and never loses the newest line", async () => {
    for (let n = 0; n < 200; n += 1) {
      const newest = entry("start", `L${n}`, "y".repeat(30_000));
      await appendHistory(path, "main", newest);
      expect(lines()).toContain(formatEntry(newest));
      // Whoever has the lock next looks for the last line again.
      expect(await appendHistory(path, "main", newest)).toBe("there");
    }
    expect(readdirSync(folder).toSorted()).toEqual(["history.1.md", "history.md"]);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).size).toBeLessThan(1_100_000);
  });

  it("that is full and ends in a torn line completes that line first", async () => {
    const line = `${formatEntry(entry("close"))}\n`;
    const full = `${"x".repeat(99)}\n`.repeat(11_000);
    writeFileSync(path, full + line.slice(0, 20));
    await appendHistory(path, "main", entry("close"));
    expect(readFileSync(path, "utf8")).toBe(full + line);
    expect(await appendHistory(path, "main", entry("close"))).toBe("there");
  });
});
