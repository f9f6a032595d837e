import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setAside } from "../../shared/storage/set-aside.ts";
import { ManualClock } from "../support/manual-clock.ts";

const clock = new ManualClock(Date.UTC(2026, 4, 6, 7, 8, 9));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "set-aside-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("setAside", () => {
  it("names the file after the moment and keeps every earlier one", async () => {
    const path = join(folder, "state.json");
    const targets: string[] = [];
    for (const text of ["first", "second", "third"]) {
      writeFileSync(path, text);
      targets.push(await setAside(path, clock));
    }
    expect(targets).toEqual(
      [1, 2, 3].map((number) => `${path}.broken-2026-05-06T07-08-09.000Z-${number}`),
    );
    expect(targets.map((target) => readFileSync(target, "utf8"))).toEqual([
      "first",
      "second",
      "third",
    ]);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it("moves a folder too", async () => {
    const path = join(folder, "journal");
    mkdirSync(path);
    writeFileSync(join(path, "1"), "kept");
    const target = await setAside(path, clock);
    expect(readFileSync(join(target, "1"), "utf8")).toBe("kept");
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("says so when there is nothing to move, and leaves nothing", async () => {
    await expect(setAside(join(folder, "gone"), clock)).rejects.toMatchObject({ code: "ENOENT" });
    expect(readdirSync(folder)).toEqual([]);
  });
});
