import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { killFixtures, startFixture } from "../../support/fixture-process.ts";
import { seededRandom } from "../../support/seeded-random.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-kill-"));
});

afterEach(async () => {
  await killFixtures();
  rmSync(dir, { recursive: true, force: true });
});

describe("SIGKILL at any moment", () => {
  it("keeps bots and tokens, and no id is ever given twice", { timeout: 60_000 }, async () => {
    const random = seededRandom(7);
    const last = { message: 0, update: 0 };
    const tokens = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const sandbox = startFixture("sandbox-flooded.ts", [dir]);
      const ready = await sandbox.next("ready");
      tokens.add(JSON.stringify(ready["bot"]));
      const first = await sandbox.next("id");
      expect(Number(first["message"])).toBeGreaterThan(last.message);
      expect(Number(first["update"])).toBeGreaterThan(last.update);
      sandbox.child.on("message", (told: { message?: number; update?: number }) => {
        last.message = Math.max(last.message, told.message ?? 0);
        last.update = Math.max(last.update, told.update ?? 0);
      });
      for (let turn = Math.floor(random() * 4000); turn > 0; turn -= 1) await sandbox.next("id");
      await sandbox.kill();
    }
    expect([...tokens]).toHaveLength(1);
    expect(readdirSync(dir).filter((name) => name.includes("broken"))).toEqual([]);
  });
});
