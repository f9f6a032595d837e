import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { InstalledProgram } from "../support/installed-program.ts";
import { press } from "../support/pressing.ts";
import { Program, repositoryRoot } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

/** The bot of docs/first-hour.md, word for word, in a clone of its own. */
const installed = new InstalledProgram();
let supervisor: Program;

beforeAll(() => {
  const { dir } = installed;
  installed.install();
  const guide = readFileSync(join(repositoryRoot, "docs", "first-hour.md"), "utf8");
  const [, file, source] = /Make `(bots\/\w+\/bot\.ts)`:\s+```ts\n([^]*?)```/.exec(guide) ?? [];
  if (file === undefined || source === undefined) throw new Error("the guide has no bot any more");
  expect(file).toBe("bots/dice/bot.ts");
  mkdirSync(join(dir, "bots", "dice"));
  writeFileSync(join(dir, file), source);
  writeFileSync(join(dir, "fleet.yaml"), "sandbox:\n  port: 0\ndashboard:\n  port: 0\n");
  mkdirSync(join(dir, "locks"));
  supervisor = new Program([join(dir, "scripts", "tg-supervisor.mjs"), "up"], {
    cwd: dir,
    env: { HOME: dir, TELEGRAM_LOCK_DIR: join(dir, "locks") },
  });
});

afterAll(async () => {
  if (supervisor.running) supervisor.kill("SIGTERM");
  await supervisor.end();
  installed.remove();
});

it("the bot of the first hour compiles, joins the fleet and rolls", async () => {
  await supervisor.printed(/dice: starting -> ready/, 50_000);
  const sandbox = await SandboxClient.of(supervisor);
  const chat = await sandbox.privateChat("dice");
  const first = await sandbox.answer(
    chat,
    await sandbox.say(chat, "/roll"),
    /^You rolled a [1-6]\.$/,
  );
  await press(sandbox, chat, first, /^Again$/);
  await sandbox.answer(chat, first.message_id, /^You rolled a [1-6]\.$/);
  const help = await sandbox.answer(chat, await sandbox.say(chat, "/help"), /\/help/);
  expect(help.text).toContain("/roll - Roll it");
});
