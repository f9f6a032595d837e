import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findLockPaths, lockName } from "../../shared/polling-lock/lock-name.ts";
import { normalizeApiRoot, tryPollGuard } from "../../shared/polling-lock/poll-guard.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-name-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the name of a lock", () => {
  it("is one for all bots on main's token and has the bot id for a token of its own", () => {
    expect(lockName(7, 7)).toBe("telegram_polling");
    expect(lockName(8, 7)).toBe("telegram_polling-8");
  });

  it("stands for the same paths, whichever way the directory is written", async () => {
    symlinkSync(folder, join(folder, "link"));
    const paths = await findLockPaths(folder, "telegram_polling");
    expect(await findLockPaths(`${folder}/link/`, "telegram_polling")).toEqual(paths);
    expect(paths).toMatchObject({
      lock: expect.stringMatching(/\/telegram_polling\.lock$/),
      record: expect.stringMatching(/\/telegram_polling$/),
    });
  });

  it("says what to do about a directory that cannot be one", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    await expect(findLockPaths(path, "telegram_polling")).rejects.toThrow(/Set TELEGRAM_LOCK_DIR/);
  });
});

describe("the API root in the name of a poll guard", () => {
  it.each([
    ["https://api.telegram.org", "https://API.telegram.org/", true],
    ["https://api.telegram.org", "https://api.telegram.org:443", true],
    ["http://localhost:8790", "http://127.0.0.1:8790//", true],
    ["http://[::1]:8790", "http://127.0.0.1:8790", true],
    ["http://127.0.0.1:8790", "http://127.0.0.1:8791", false],
    ["https://box.test/api", "https://box.test/other", false],
  ])("%s and %s: one server: %s", (a, b, same) => {
    expect(normalizeApiRoot(a) === normalizeApiRoot(b)).toBe(same);
  });

  it("refuses what is no address", async () => {
    await expect(tryPollGuard({ apiRoot: "telegram", botId: 1 })).rejects.toThrow(
      /TELEGRAM_API_ROOT/,
    );
  });
});
