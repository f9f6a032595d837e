import { expect, it } from "vitest";
import { SessionJournal } from "../../../../../bots/main/sessions/queue/session-journal.ts";
import { TurnNotes } from "../../../../../bots/main/sessions/queue/turn-notes.ts";
import type { ChronicleLine } from "../../../../../shared/contract/chronicle/chronicle-line.ts";
import { MemoryStorage } from "../../../../storage/memory-storage.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { recordingLog } from "../../../../support/recording-log.ts";

async function open(storage = new MemoryStorage()) {
  const clock = new ManualClock();
  const lines: ChronicleLine[] = [];
  const chronicle = { note: (line: ChronicleLine): void => void lines.push(line) };
  const notes = new TurnNotes({ chronicle, nameOf: (id) => `name of ${id}`, clock });
  const journal = await SessionJournal.open({ storage, clock, log: recordingLog(), notes });
  const at = clock.now();
  const accept = (id: number) =>
    journal.accept({ id: `42/${id}`, sessionId: "s", text: "private", attachments: [] }, () => {});
  return { storage, lines, journal, at, accept };
}

it("tells which updates a turn took, by which process, and how it ended; no words of people", async () => {
  const { lines, journal, at, accept } = await open();
  await accept(7);
  await accept(8);
  await accept(8);
  journal.note({ t: "began", turn: 1, sessionId: "s", seqs: [1, 2], atMs: at, pid: 4711 });
  journal.note({ t: "shown", turn: 1, text: "private" });
  journal.note({ t: "outcome", turn: 1, outcome: "failed", text: "It broke.\n\nprivate" });
  journal.note({ t: "delivered", turn: 1, atMs: at });
  expect(lines).toEqual([
    { t: "queued", at, u: [7], session: "s", name: "name of s" },
    { t: "queued", at, u: [8], session: "s", name: "name of s" },
    { t: "known", at, u: 8 },
    { t: "turn", at, turn: 1, session: "s", name: "name of s", u: [7, 8], pid: 4711 },
    { t: "turn_end", at, turn: 1, outcome: "failed", why: "It broke." },
  ]);
});

it("tells what left the queue, what came back, and what a restart interrupted; nothing twice after it", async () => {
  const { storage, lines, journal, at, accept } = await open();
  await accept(7);
  await accept(8);
  journal.note({ t: "cancelled", seqs: [2], why: "stopped", token: "t", atMs: at });
  journal.note({ t: "restored", token: "t" });
  journal.note({ t: "began", turn: 1, sessionId: "s", seqs: [1], atMs: at });
  expect(lines.slice(2)).toEqual([
    { t: "cancelled", at, u: [8], why: "stopped" },
    { t: "queued", at, u: [8], session: "s", name: "name of s" },
    { t: "turn", at, turn: 1, session: "s", name: "name of s", u: [7] },
  ]);
  const next = await open(storage);
  expect(next.lines).toEqual([]);
  next.journal.note({ t: "interrupted", turn: 1 });
  next.journal.note({ t: "undone", turn: 1, isRepeat: true });
  expect(next.lines).toMatchObject([
    { t: "turn_end", turn: 1, outcome: "interrupted" },
    { t: "turn_end", turn: 1, outcome: "undone" },
  ]);
});
