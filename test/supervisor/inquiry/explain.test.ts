import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Chronicle } from "../../../shared/contract/chronicle/chronicle.ts";
import {
  type ChronicleLine,
  chroniclePath,
  encodeLine,
} from "../../../shared/contract/chronicle/chronicle-line.ts";
import { cursorPath } from "../../../shared/intake/cursor/open-cursor.ts";
import { openLogWriter, updateLogDir } from "../../../shared/intake/update-log/open-log.ts";
import { identifySelf, type ProcessIdentity } from "../../../shared/process/identity.ts";
import { explain } from "../../../supervisor/inquiry/explain/explain.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const botId = 42;
const group = -1_000_000_001_234;
const link = (id: number): string => `https://t.me/c/1234/${id}`;
const log = recordingLog();
let stateDir: string;
let clock: ManualClock;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "explain-"));
  clock = new ManualClock();
});
afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

/** The log holds these; main and treasury read it and are done with all. */
async function received(...updates: { id: number; messageId: number; text?: string }[]) {
  const dir = updateLogDir(stateDir, botId);
  const options = { dir, botId, epoch: 1, currentEpoch: () => 1, clock, log };
  const writer = await openLogWriter(options);
  await writer.append(
    updates.map(({ id: update_id, messageId: message_id, text = "hi" }) => ({
      update_id,
      message: {
        message_id,
        date: 0,
        text,
        chat: { id: group, type: "supergroup", title: "Team", username: "TeamChat" },
      },
    })),
    new AbortController().signal,
  );
  await writer.close();
  mkdirSync(join(dir, "cursors"), { recursive: true });
  for (const bot of ["main", "treasury"])
    writeFileSync(cursorPath(dir, bot), '{"v":1,"w":9000000,"h":[],"t":[]}\n');
}

/** @param life of the process that wrote it */
function chronicle(bot: string, lines: readonly ChronicleLine[], life = identifySelf()): void {
  mkdirSync(join(stateDir, "chronicle"), { recursive: true });
  const all: ChronicleLine[] = [{ t: "life", at: 0, process: life }, ...lines];
  writeFileSync(chroniclePath(stateDir, bot), all.map(encodeLine).join(""));
}

const gone: ProcessIdentity = { ...identifySelf(), startTicks: 1 };
const at = (ms: number): number => clock.now() + ms;
const sent = (ms: number, messages: number[], cause?: { updates: number[]; turn?: number }) => ({
  t: "sent" as const,
  at: at(ms),
  since: at(ms - 5),
  chat: group,
  ...(cause === undefined ? {} : { cause }),
  messages,
});

describe("the way of an update", () => {
  it("is told in the order of time, with every message that it caused, whenever it was sent", async () => {
    await received({ id: 7, messageId: 70 }, { id: 8, messageId: 71 });
    chronicle("main", [
      { t: "queued", at: at(2), u: [7], session: "s1", name: "api" },
      { t: "ended", at: at(3), u: 7, ms: 2 },
      { t: "queued", at: at(4), u: [8], session: "s1", name: "api" },
      { t: "turn", at: at(5), turn: 3, session: "s1", name: "api", u: [7, 8], pid: 4711 },
      { t: "turn_end", at: at(2_005), turn: 3, outcome: "completed" },
      sent(2_060, [72, 73], { updates: [7, 8], turn: 3 }),
    ]);
    chronicle("treasury", [{ t: "left", at: at(90), u: [7, 8] }]);
    const { said } = await explain("7", stateDir);
    expect(said).toEqual([
      "Update 7 of bot 42: message in conversation -1000000001234, 2026-01-01 (UTC)",
      "",
      expect.stringMatching(/^ {2}00:00:00\.000 {6}\+0 ms {8}received, logged as number \d+ /),
      "  00:00:00.002      +2 ms  main  queued it in session api",
      "  00:00:00.003      +3 ms  main  handled it in 2 ms",
      "  00:00:00.005      +5 ms  main  turn 3 of session api began, agent pid 4711, with updates 7, 8",
      "  00:00:02.005     +2.0 s  main  turn 3 completed after 2.0 s",
      "  00:00:02.060     +2.1 s  main  sent messages 72, 73",
      "",
      "main sent messages 72, 73. Read and left to others by treasury.",
    ]);
  });

  it.each([
    ["of a user, by its id", link(70)],
    ["of a user, in a topic", "https://t.me/c/1234/5/70"],
    ["of a user, in a public chat", "https://t.me/teamchat/70"],
    ["of a bot", link(72)],
    ["of a bot, in a public chat", "https://t.me/TeamChat/72"],
    ["of a bot, changed later by a press", `${group}/72`],
  ])("is found by a message %s", async (_, what) => {
    await received({ id: 7, messageId: 70 });
    chronicle("main", [{ t: "ended", at: at(3), u: 7, ms: 2 }, sent(9, [72], { updates: [7] })]);
    chronicle("treasury", [{ t: "left", at: at(90), u: [7] }]);
    const { updates } = await explain(what, stateDir);
    expect(updates.map(({ updateId }) => updateId)).toEqual([7]);
  });

  const turn: ChronicleLine = { t: "turn", at: 5, turn: 3, session: "s", name: "api", u: [7] };
  it.each<[string, ChronicleLine[], ProcessIdentity, RegExp]>([
    ["runs", [turn], identifySelf(), /^main: turn 3 runs\./],
    ["was cut off, by a process that is gone", [turn], gone, /turn 3 was interrupted by the end/],
    [
      "was cut off, and told by the next process",
      [turn, { t: "turn_end", at: 99, turn: 3, outcome: "interrupted" }],
      gone,
      /turn 3 was interrupted by the end/,
    ],
    [
      "failed",
      [turn, { t: "turn_end", at: 99, turn: 3, outcome: "failed", why: "no agent." }],
      gone,
      /turn 3 failed after 94 ms: no agent\. /,
    ],
    [
      "was stopped",
      [turn, { t: "turn_end", at: 99, turn: 3, outcome: "aborted" }],
      gone,
      /turn 3 was stopped after 94 ms/,
    ],
  ])("says that its turn %s", async (_, lines, life, expected) => {
    await received({ id: 7, messageId: 70 });
    chronicle("main", [{ t: "ended", at: 3, u: 7, ms: 2 }, ...lines], life);
    chronicle("treasury", [{ t: "left", at: 90, u: [7] }]);
    const { updates } = await explain("7", stateDir);
    expect(updates[0]?.result).toMatch(expected);
  });

  it.each<[string, ChronicleLine[], RegExp]>([
    [
      "its sender may not use the bot",
      [{ t: "refused", at: 3, u: 7, user: 666 }],
      /did nothing with it, because its sender may not use the bot/,
    ],
    [
      "it waits for its turn",
      [{ t: "queued", at: 2, u: [7], session: "s", name: "api" }],
      /main: it waits for its turn in session api\./,
    ],
    [
      "a stop took it out of the queue",
      [
        { t: "queued", at: 2, u: [7], session: "s", name: "api" },
        { t: "cancelled", at: 9, u: [7], why: "stopped" },
      ],
      /took it out of its queue: a stop ended what waited/,
    ],
    ["it was handled silently", [{ t: "ended", at: 3, u: 7, ms: 2 }], /handled it and sent no/],
    ["nothing is known of it any more", [], /not known any more/],
    [
      "its answer was refused",
      [
        {
          t: "failed",
          at: 3,
          since: 2,
          chat: group,
          cause: { updates: [7] },
          reason: "blocked",
        },
      ],
      /could not send an answer: blocked/,
    ],
  ])("says why there is no answer: %s", async (_, lines, expected) => {
    await received({ id: 7, messageId: 70 });
    chronicle("main", lines);
    chronicle("treasury", [{ t: "left", at: 90, u: [7] }]);
    expect((await explain("7", stateDir)).updates[0]?.result).toMatch(expected);
  });

  const failed = { t: "ended", at: 3, u: 7, ms: 2, attempt: 5, error: "boom" } as const;
  const dropped = { t: "dropped", at: 9, u: 7, attempts: 5, error: "boom" } as const;
  it.each<[string, ChronicleLine[], RegExp, RegExp]>([
    [
      "somebody dropped its letter",
      [failed, { ...dropped, why: "asked" }],
      /^main gave it up after 5 attempts \(boom\); the letter was dropped\. /,
      /its dead letter is gone: somebody dropped it/,
    ],
    [
      "its letter fell out of the full list",
      [failed, { ...dropped, why: "full" }],
      /the letter was dropped, because the list was full\./,
      /its dead letter is gone: the list was full/,
    ],
    [
      "nothing is known but that its last attempt failed",
      [failed],
      /^main gave it up after 5 attempts \(boom\); the letter was dropped\. /,
      /failed after 2 ms \(attempt 5\): boom/,
    ],
    [
      "it failed once and was not to be tried again",
      [{ t: "ended", at: 3, u: 7, ms: 2, error: "boom" }],
      /^main failed with it \(boom\); it is not tried again\. /,
      /failed after 2 ms: boom/,
    ],
  ])("is not told as a success when %s", async (_, lines, result, station) => {
    await received({ id: 7, messageId: 70 });
    chronicle("main", lines);
    chronicle("treasury", [{ t: "left", at: 90, u: [7] }]);
    const { said, updates } = await explain("7", stateDir);
    expect(updates[0]?.result).toMatch(result);
    expect(said.join("\n")).toMatch(station);
  });

  it("knows a bot that began on the log later, and reads a cursor that does not say so", async () => {
    await received({ id: 7, messageId: 70 });
    writeFileSync(
      cursorPath(updateLogDir(stateDir, botId), "main"),
      '{"v":1,"w":9000000,"o":9000000,"h":[],"t":[]}\n',
    );
    expect((await explain("7", stateDir)).updates[0]?.result).toBe(
      "treasury is done with it. What it did is not known any more: its chronicle holds the newest updates only. main was not on this log yet.",
    );
    chronicle("main", [{ t: "ended", at: 3, u: 7, ms: 2 }]);
    expect((await explain("7", stateDir)).updates[0]?.result).toMatch(/^main handled it/);
  });

  it("names whom a command is for that is none of ours", async () => {
    await received({ id: 7, messageId: 70, text: "/go@elsewhere_bot now" });
    for (const bot of ["main", "treasury"]) chronicle(bot, [{ t: "left", at: 90, u: [7] }]);
    const { updates } = await explain("7", stateDir);
    expect(updates[0]?.result).toMatch(/none of the bots .*: the command names @elsewhere_bot\./);
  });

  it("a message that no update asked for: whose it is, and that nobody asked", async () => {
    await received({ id: 7, messageId: 70 });
    chronicle("treasury", [sent(9, [72])]);
    const { said, updates } = await explain(link(72), stateDir);
    expect(updates).toEqual([]);
    expect(said).toEqual([expect.stringMatching(/of treasury, .* of its own accord/)]);
  });

  it("reads what a chronicle writes", async () => {
    await received({ id: 7, messageId: 70 });
    const path = chroniclePath(stateDir, "main");
    const own = new Chronicle({ path, clock, log });
    own.begin(7);
    await clock.advance(250);
    own.close();
    const [way] = (await explain("7", stateDir)).updates;
    const main = way?.bots.find(({ bot }) => bot === "main");
    expect(main?.tries).toEqual([{ number: 1, began: at(-250) }]);
  });
});
