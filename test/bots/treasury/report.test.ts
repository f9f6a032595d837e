import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Holdings } from "../../../bots/treasury/holdings/snapshot.ts";
import { readOptions } from "../../../bots/treasury/options.ts";
import { History } from "../../../bots/treasury/past/history.ts";
import { reportWhenDue } from "../../../bots/treasury/report/report.ts";
import { Treasury } from "../../../bots/treasury/treasury.ts";
import { Announcer } from "../../../bots/treasury/watch/announcer.ts";
import { WatchMemory } from "../../../bots/treasury/watch/watch-memory.ts";
import { SimulatedChain } from "../../../shared/chain/simulated/simulated-chain.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const hourMs = 3_600_000;
const { signal } = new AbortController();
let dir: string;
let clock: ManualClock;
let told: { key: string; text: string }[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "treasury-"));
  clock = new ManualClock(Date.parse("2026-01-10T08:00:00Z"));
  told = [];
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** The bot as it begins, with what its earlier lives left; said once per key, as the outbox does. */
async function begin(): Promise<Treasury> {
  const log = recordingLog();
  const options = readOptions({ report_at: "09:00" });
  const chain = new SimulatedChain(clock);
  const announcer = new Announcer([{ chatId: 5 }], async (_place, key, text) => {
    if (!told.some((each) => each.key === key)) told.push({ key, text });
    return { messageIds: Promise.resolve([1]) };
  });
  return new Treasury({
    chain,
    options,
    holdings: new Holdings(chain, options),
    history: await History.open({ path: join(dir, "history.json"), clock, log }),
    memory: await WatchMemory.open(join(dir, "watch.json"), clock, log),
    announcer,
    clock,
    random: Math.random,
    log,
  });
}

const titles = (): string[] =>
  told.map(({ text }) => /Daily report of [^*]*/.exec(text)?.[0] ?? "none");

describe("the daily report", () => {
  it("is told at its time, once a day, and not for the time before the first start", async () => {
    const treasury = await begin();
    for (let hour = 0; hour < 49; hour += 1) {
      await reportWhenDue(treasury, signal);
      await clock.advance(hourMs);
    }
    expect(titles()).toEqual(["Daily report of 2026-01-10", "Daily report of 2026-01-11"]);
    expect(told[0]?.text).toContain("Simulated market");
  });

  it("is made up for after an absence, the newest only, and says that it is late", async () => {
    await reportWhenDue(await begin(), signal);
    await clock.advance(75 * hourMs);
    await reportWhenDue(await begin(), signal);
    await reportWhenDue(await begin(), signal);
    expect(titles()).toEqual(["Daily report of 2026-01-13, due at 09:00"]);
  });

  it("is told once where the process died before it could remember it", async () => {
    await reportWhenDue(await begin(), signal);
    await clock.advance(hourMs);
    const dying = await begin();
    dying.parts.memory.change = () => Promise.reject(new Error("killed"));
    await expect(reportWhenDue(dying, signal)).rejects.toThrow("killed");
    await clock.advance(60_000);
    await reportWhenDue(await begin(), signal);
    expect(titles()).toEqual(["Daily report of 2026-01-10"]);
  });
});
