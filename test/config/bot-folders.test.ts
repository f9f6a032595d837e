import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { listBotFolders, listMisnamedFolders } from "../../shared/config/bot-folders.ts";

const dir = mkdtempSync(join(tmpdir(), "bots-"));
for (const name of ["weather", "main", "My-Bot", "nested/bot_in"]) {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, "bot.ts"), "");
}
mkdirSync(join(dir, "No-Bot"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

it("every folder with a bot and a plain name is one; the others are named, so that nobody waits for them", () => {
  expect(listBotFolders(dir)).toEqual(["main", "weather"]);
  expect(listMisnamedFolders(dir).toSorted()).toEqual(["My-Bot", "nested/bot_in"]);
});
