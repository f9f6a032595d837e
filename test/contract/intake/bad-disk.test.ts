import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { isSegment } from "../../support/recording-bots.ts";
import { Dialog, numbered, textsOf } from "./dialog.ts";

let disk: string;
let dialog: Dialog;

beforeEach(async () => {
  disk = mkdtempSync(join(tmpdir(), "small-disk-"));
});

afterEach(async () => {
  await dialog.close();
  rmSync(disk, { recursive: true, force: true });
});

const mount = (place: string): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", place]).status === 0;
const unmount = (place: string): void => void spawnSync("umount", [place]);

const canMount = ((): boolean => {
  const place = mkdtempSync(join(tmpdir(), "small-disk-"));
  const mounted = mount(place);
  if (mounted) unmount(place);
  rmSync(place, { recursive: true });
  return mounted;
})();

/** Leaves not a byte. */
function fill(file: string): void {
  for (const size of [65_536, 4_096, 64, 1]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}

describe("a full disk", () => {
  it.skipIf(!canMount)(
    "keeps updates at Telegram, is told, and everything goes on by itself when there is space (needs a tmpfs to be mounted: root)",
    async () => {
      mount(disk);
      try {
        dialog = await Dialog.open({ stateDir: join(disk, "var") });
        const bot = dialog.bots.start();
        const texts = numbered("message", 300);
        for (const text of texts.slice(0, 50)) dialog.say(text);
        await dialog.handled(50);

        fill(join(disk, "filler"));
        for (const text of texts.slice(50)) dialog.say(text);
        await bot.printed(/polling state: waiting_for_storage/);
        expect(bot.output).toMatch(/the disk is full; free some space \(ENOSPC\)/);
        const { confirmedOffset, pending } = dialog.polling();
        const logged = dialog.bots.logged();
        // What still fitted into the last page is safe, and may be confirmed.
        expect(logged.has(confirmedOffset - 1)).toBe(true);
        expect(pending).toBeGreaterThan(100);

        rmSync(join(disk, "filler"));
        const handlings = await dialog.handled(texts.length, 40_000);
        expect(textsOf(handlings)).toEqual(texts);
        await eventually(
          () => /waiting_for_storage[\s\S]*polling state: polling/.test(bot.output) || undefined,
          () => bot.output,
        );
        expect(dialog.bots.handlings("begin")).toHaveLength(texts.length);
        bot.kill("SIGTERM");
        expect(await bot.end()).toBe(0);
      } finally {
        unmount(disk);
      }
    },
  );
});

/** Files of a bot that was killed, as a failing disk or a hand may leave them. */
const damages: readonly [string, (logDir: string) => void, RegExp][] = [
  [
    "the log ends in half a line",
    (dir) => {
      appendFileSync(newestSegment(dir), '{"v":1,"seq":99999999,"ep');
    },
    /ended in a half line/,
  ],
  [
    "the log is cut short",
    (dir) => {
      const path = newestSegment(dir);
      truncateSync(path, readFileSync(path).byteLength - 700);
    },
    /ended in a half line|ends before the cursor/,
  ],
  [
    "lines of the log are garbage",
    (dir) => {
      const path = newestSegment(dir);
      const lines = readFileSync(path, "utf8").split("\n");
      lines.splice(2, 2, "\u0000\u0000garbage", '{"v":9}');
      writeFileSync(path, lines.join("\n"));
    },
    /A line of the update log is damaged/,
  ],
  [
    "the cursor is garbage",
    (dir) => {
      writeFileSync(join(dir, "cursors", "main.jsonl"), "garbage\n");
    },
    /The cursor file is broken and was set aside/,
  ],
  [
    "the epoch is garbage",
    (dir) => {
      writeFileSync(join(dir, "epoch"), "many\n");
    },
    /the epoch file is broken and was set aside/,
  ],
];

function newestSegment(dir: string): string {
  return join(dir, readdirSync(dir).filter(isSegment).toSorted().at(-1) ?? "");
}

describe("damaged files", () => {
  it.each(damages)("%s: said clearly, and nothing new is lost", async (_, damage, told) => {
    dialog = await Dialog.open();
    const { bots } = dialog;
    const before = bots.start();
    const texts = numbered("message", 20);
    for (const text of texts.slice(0, 10)) dialog.say(text);
    await dialog.handled(10);
    before.kill("SIGKILL");
    await before.end();

    damage(bots.logDir);
    for (const text of texts.slice(10)) dialog.say(text);
    const after = bots.start();
    await after.printed(told);
    await eventually(
      () => new Set(textsOf(bots.handlings("end"))).size === texts.length || undefined,
      () => bots.output,
    );
    // Some may come again and then say so; those said after the damage come once.
    const again = bots.handlings("begin").filter(({ attempt }) => attempt > 1);
    expect(textsOf(again).filter((text) => texts.indexOf(text) >= 10)).toEqual([]);
    after.kill("SIGTERM");
    expect(await after.end()).toBe(0);
  });

  it.each([
    [
      "cursor",
      (dir: string) => join(dir, "cursors", "main.jsonl"),
      /main\.jsonl says what was handled, and it cannot be read/,
    ],
    ["log", newestSegment, /Nothing can be stored[\s\S]*EISDIR/],
  ])(
    "an unreadable %s: the bot says so, waits, and goes on when it can be read",
    async (_, pathOf, told) => {
      dialog = await Dialog.open();
      const { bots } = dialog;
      const before = bots.start();
      const texts = numbered("message", 20);
      for (const text of texts.slice(0, 10)) dialog.say(text);
      await dialog.handled(10);
      before.kill("SIGKILL");
      await before.end();

      // Root reads every file; a folder in its place nobody.
      const path = pathOf(bots.logDir);
      renameSync(path, `${path}.away`);
      mkdirSync(path);
      for (const text of texts.slice(10)) dialog.say(text);
      const stopped = bots.start();
      await stopped.printed(told);
      stopped.kill("SIGTERM");
      expect(await stopped.end()).toBe(0);
      const after = bots.start();
      await after.printed(told);
      rmdirSync(path);
      renameSync(`${path}.away`, path);
      expect(textsOf(await dialog.handled(20))).toEqual(texts);
      after.kill("SIGTERM");
      expect(await after.end()).toBe(0);
    },
  );
});
