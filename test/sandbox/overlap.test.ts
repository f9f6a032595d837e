import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
});

const overlaps = (): number => stage.sandbox.user.polling(stage.bot.id).overlappingPolls;
const poll = (timeout: number, signal?: AbortSignal): Promise<unknown> =>
  stage.call("getUpdates", { timeout }, signal).catch(() => "failed");

/** The judgement comes one turn of the event loop after the arrival. */
const judged = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe("overlapping polls", () => {
  it("are none for one poller who waits for each answer", async () => {
    for (let round = 0; round < 50; round += 1) await stage.call("getUpdates", { offset: round });
    await judged();
    expect([overlaps(), stage.sandbox.user.polling(stage.bot.id).getUpdatesCalls]).toEqual([0, 50]);
  });

  it("are counted when a poll arrives while another is parked", async () => {
    const first = poll(30);
    await stage.untilOpen(1);
    const second = poll(30);
    await first;
    await judged();
    expect(overlaps()).toBe(1);
    stage.say("end");
    await stage.clock.advance(1);
    await second;
  });

  it("are counted for a call with timeout 0 too, which Telegram never notices", async () => {
    const parked = poll(30);
    await stage.untilOpen(1);
    await stage.call("getUpdates", { offset: 5 });
    await judged();
    expect(overlaps()).toBe(1);
    await stage.clock.advance(30_000);
    await parked;
  });

  it("are not counted for an orphan whose caller is gone", async () => {
    const leaving = new AbortController();
    const first = poll(30, leaving.signal);
    await stage.untilOpen(1);
    leaving.abort();
    await first;
    await stage.untilOpen(0);
    await stage.call("getUpdates", { offset: 5 });
    await judged();
    expect(overlaps()).toBe(0);
  });

  it("are not counted when the next poll comes right behind the end of the last connection", async () => {
    for (let round = 0; round < 20; round += 1) {
      const leaving = new AbortController();
      const first = poll(30, leaving.signal);
      await stage.untilOpen(1);
      leaving.abort();
      await stage.call("getUpdates", { offset: round + 1 });
      await first;
    }
    await judged();
    expect(overlaps()).toBe(0);
  });

  it("are counted for a poll that hangs in a fault", async () => {
    stage.sandbox.user.faults.add({ kind: "hang", times: 1 });
    const leaving = new AbortController();
    const first = poll(0, leaving.signal);
    await stage.untilOpen(1);
    await stage.call("getUpdates");
    await judged();
    expect(overlaps()).toBe(1);
    leaving.abort();
    await first;
  });

  it("are apart by token", async () => {
    const parked = poll(30);
    await stage.untilOpen(1);
    const other = stage.sandbox.user.ensureBot("other");
    await fetch(`${stage.sandbox.url}/bot${other.token}/getUpdates`);
    await judged();
    expect([overlaps(), stage.sandbox.user.polling(other.id).overlappingPolls]).toEqual([0, 0]);
    await stage.clock.advance(30_000);
    await parked;
  });
});
