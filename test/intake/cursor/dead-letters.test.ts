import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DeadLetter,
  deadLettersPath,
  FileDeadLetters,
} from "../../../shared/intake/cursor/dead-letters.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { message } from "../updates.ts";

const letter = (seq: number): DeadLetter => ({
  seq,
  updateId: seq,
  key: "1",
  receivedAtMs: 5,
  givenUpAtMs: 6,
  attempts: 5,
  error: "no\nway",
  update: message(seq),
});

describe("the dead-letter list", () => {
  let dir: string;
  let path: string;
  const log = recordingLog();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "letters-"));
    path = deadLettersPath(dir, "treasury");
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  const open = (): Promise<FileDeadLetters> => FileDeadLetters.open(path, new ManualClock(), log);

  it("survives restarts, has each position once, and forgets what is removed", async () => {
    const first = await open();
    expect(first.list()).toEqual([]);
    await Promise.all([letter(1), letter(2), letter(2), letter(3)].map((each) => first.add(each)));
    expect(await first.remove(2)).toBe(true);
    expect(await first.remove(2)).toBe(false);
    await first.add(letter(4));
    expect((await open()).list()).toEqual([letter(1), letter(3), letter(4)]);
  });

  it("keeps its other letters when lines are damaged, and the broken file too", async () => {
    const first = await open();
    await first.add(letter(1));
    await first.add(letter(2));
    writeFileSync(path, `${readFileSync(path, "utf8")}{"v":1,"seq":3,"upd`);
    const second = await open();
    expect(second.list()).toEqual([letter(1), letter(2)]);
    expect(readdirSync(dirname(path))).toHaveLength(2);
    await second.add(letter(3));
    expect((await open()).list()).toHaveLength(3);
    expect(log.of("error")).toHaveLength(1);
  });

  it("is bounded: the oldest letters are dropped, and that is said", async () => {
    const dropped: number[] = [];
    const list = await FileDeadLetters.open(path, new ManualClock(), log, (letters) =>
      dropped.push(...letters.map(({ seq }) => seq)),
    );
    for (let seq = 1; seq <= 1_150; seq += 1) await list.add(letter(seq));
    const seqs = list.list().map(({ seq }) => seq);
    expect(seqs.length).toBeLessThanOrEqual(1_000);
    expect(seqs).toEqual(seqs.map((_, at) => 1_150 - seqs.length + 1 + at));
    expect(dropped).toEqual(Array.from({ length: 1_150 - seqs.length }, (_, at) => at + 1));
    expect((await open()).list()).toEqual(list.list());
    expect(log.of("error").at(-1)).toContain("oldest");
  });
});
