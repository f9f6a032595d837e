import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchFiles } from "../../../shared/lifecycle/watch-files.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

let folder = "";
let clock = new ManualClock();
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "watch-files-")), "root");
  mkdirSync(folder);
  clock = new ManualClock();
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

/** A watch whose next change can be awaited. */
function watching(log = recordingLog()) {
  let count = 0;
  let heard: (() => void) | undefined;
  const end = watchFiles({
    folder,
    names: ["a.yaml"],
    slowCheckMs: 900,
    clock,
    log,
    onChange: () => {
      count += 1;
      heard?.();
    },
  });
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      heard = resolve;
    });
  return { end, change, log, count: () => count };
}

describe("watched files", () => {
  it("tell of a change through a file event, while the clock stands still", async () => {
    const watch = watching();
    const change = watch.change();
    writeFileSync(join(folder, "a.yaml"), "1");
    await change;
    watch.end();
    expect(clock.pendingTimers).toBe(0);
  });

  it("tell of a change within the slow check where no event comes, and hear events again", async () => {
    const watch = watching();
    // The folder under the watch is another one now; nothing tells us.
    renameSync(folder, `${folder}-away`);
    mkdirSync(folder);
    writeFileSync(join(folder, "a.yaml"), "1");
    await clock.advance(899);
    expect(watch.count()).toBe(0);
    await clock.advance(1);
    expect(watch.count()).toBe(1);
    const change = watch.change();
    writeFileSync(join(folder, "a.yaml"), "22");
    await change;
    watch.end();
  });

  it("tell of nothing when other files change", async () => {
    const watch = watching();
    const change = watch.change();
    writeFileSync(join(folder, "b.yaml"), "1");
    await clock.advance(2_000);
    expect(watch.count()).toBe(0);
    // Events come in order: the one of b.yaml was before this one.
    writeFileSync(join(folder, "a.yaml"), "1");
    await change;
    watch.end();
  });

  it("are looked at by the clock alone where no watch is to be had, with one warning", async () => {
    rmSync(folder, { recursive: true });
    const watch = watching();
    await clock.advance(2_000);
    mkdirSync(folder);
    writeFileSync(join(folder, "a.yaml"), "1");
    await clock.advance(900);
    expect(watch.count()).toBe(1);
    expect(watch.log.of("warn")).toHaveLength(1);
    watch.end();
    expect(clock.pendingTimers).toBe(0);
  });
});
