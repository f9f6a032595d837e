import { describe, expect, it } from "vitest";
import { SessionJournal } from "../../../../../bots/main/sessions/queue/session-journal.ts";
import { MemoryStorage } from "../../../../storage/memory-storage.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { recordingLog } from "../../../../support/recording-log.ts";

const hourMs = 3_600_000;

async function open(
  storage = new MemoryStorage(),
  clock = new ManualClock(),
  compactAtBytes?: number,
) {
  const log = recordingLog();
  const options = {
    storage,
    clock,
    log,
    ...(compactAtBytes === undefined ? {} : { compactAtBytes }),
  };
  return { storage, clock, log, journal: await SessionJournal.open(options) };
}

const message = (n: number) => ({ id: `42/${n}`, sessionId: "s", text: `m${n}`, attachments: [] });
const nothing = (): void => undefined;

describe("the journal of sessions", () => {
  it("says that a message is safe when it is on the disk, in the order of the calls", async () => {
    const { storage, journal } = await open();
    const release = storage.hold();
    const order: string[] = [];
    const all = [1, 2, 3].map((n) => journal.accept(message(n), ({ text }) => order.push(text)));
    await Promise.resolve();
    expect([order, journal.messages.waitingOf("s")]).toEqual([[], []]);
    release();
    await Promise.all(all);
    expect(order).toEqual(["m1", "m2", "m3"]);
    expect(storage.safe?.toString()).toContain("m3");
  });

  it("takes a repeat for what it is, also while the first is on its way and after it ended", async () => {
    const { storage, journal } = await open();
    const both = [journal.accept(message(1), nothing), journal.accept(message(1), nothing)];
    expect((await Promise.all(both)).map((stored) => stored?.seq)).toEqual([1, undefined]);
    await journal.write({ t: "began", turn: 1, sessionId: "s", seqs: [1], atMs: 0 });
    await journal.write({ t: "outcome", turn: 1, outcome: "completed", text: "" });
    await journal.write({ t: "delivered", turn: 1, atMs: 0 });
    const later = await open(new MemoryStorage(storage.text));
    expect(await later.journal.accept(message(1), nothing)).toBeUndefined();
    expect((await later.journal.accept(message(2), nothing))?.seq).toBe(2);
  });

  it("lets a repeat take the place of one that the disk refused", async () => {
    const { storage, journal } = await open();
    storage.break("append", "ENOSPC");
    await expect(journal.accept(message(1), nothing)).rejects.toThrow("ENOSPC");
    storage.heal();
    expect(await journal.accept(message(1), nothing)).toMatchObject({ text: "m1" });
  });

  it("is written anew when it has grown, and forgets nothing that counts", async () => {
    const { storage, clock, journal } = await open(new MemoryStorage(), new ManualClock(), 4_000);
    for (let n = 1; n <= 60; n += 1) {
      await journal.accept(message(n), nothing);
      if (n === 7) continue;
      const why = n === 8 ? { why: "stopped" as const, token: "t" } : { why: "cancelled" as const };
      await journal.write({ t: "cancelled", seqs: [n], atMs: clock.now(), ...why });
    }
    await journal.write({ t: "asked", request: "r", sessionId: "s", atMs: 0 });
    expect(storage.count("replace")).toBeGreaterThan(1);
    const later = await open(new MemoryStorage(storage.text), clock);
    expect(later.journal.messages.waitingOf("s").map(({ seq }) => seq)).toEqual([7]);
    expect(later.journal.messages.restorable("t").map(({ seq }) => seq)).toEqual([8]);
    expect(later.journal.requests.open.map(({ request }) => request)).toEqual(["r"]);
    expect(later.journal.takeTurnNumber()).toBe(1);
  });

  it("keeps what a stop cancelled for a day", async () => {
    const { storage, clock, journal } = await open();
    await journal.accept(message(1), nothing);
    await journal.write({
      t: "cancelled",
      seqs: [1],
      why: "stopped",
      token: "t",
      atMs: clock.now(),
    });
    await clock.advance(24 * hourMs);
    const later = await open(new MemoryStorage(storage.text), clock);
    const last = await open(new MemoryStorage(later.storage.text), clock);
    expect(last.journal.messages.restorable("t")).toEqual([]);
  });

  it("sets a damaged file aside and goes on with what can be read; a half line was never promised", async () => {
    const { storage, journal } = await open();
    await journal.accept(message(1), nothing);
    const damaged = await open(new MemoryStorage(`${storage.text}rubbish\n{"t":"acc`));
    expect(damaged.storage.aside).toHaveLength(1);
    expect(damaged.log.of("error").join()).toContain("damagedLines");
    expect(damaged.journal.messages.waitingOf("s")).toHaveLength(1);
    const half = await open(new MemoryStorage(`${storage.text}{"t":"acc`));
    expect([half.storage.aside, half.log.of("warn").length]).toEqual([[], 1]);
  });

  it("writes down later, in its place, what the disk refused", async () => {
    const { storage, log, journal } = await open();
    await journal.accept(message(1), nothing);
    storage.break("append", "ENOSPC");
    await journal.record({ t: "cancelled", seqs: [1], why: "cancelled", atMs: 0 });
    expect(log.of("error")).toHaveLength(1);
    storage.heal();
    await journal.accept(message(2), nothing);
    const later = await open(new MemoryStorage(storage.text));
    expect(later.journal.messages.waitingOf("s").map(({ seq }) => seq)).toEqual([2]);
  });
});
