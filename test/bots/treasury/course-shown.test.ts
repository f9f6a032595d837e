import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backfill } from "../../../bots/treasury/past/backfill.ts";
import type { Treasury } from "../../../bots/treasury/treasury.ts";
import { lookOnce } from "../../../bots/treasury/watch/watch.ts";
import { chartCaption } from "./chart-caption.ts";
import { TreasuryLives } from "./treasury-lives.ts";

const minuteMs = 60_000;
const { signal } = new AbortController();
let lives: TreasuryLives;

beforeEach(() => {
  lives = new TreasuryLives({ time_zone: "Europe/Zurich" });
});

afterEach(() => {
  lives.remove();
});

/** Looks every two minutes and a half: samples that lie beside every full day. */
async function watchFor(treasury: Treasury, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 2.5) {
    await lives.clock.advance(2.5 * minuteMs);
    await lookOnce(treasury, signal);
  }
}

const totalOf = (page: string): string => /\*\*Total: .*\((.*)\)/.exec(page)?.[1] ?? "none";

describe("page and picture", () => {
  it("tell the same change of the same day, up to now", async () => {
    const treasury = await lives.begin();
    await backfill(treasury, signal);
    await watchFor(treasury, 40);
    for (const minutes of [1, 1, 2, 0.5]) {
      await lives.clock.advance(minutes * minuteMs);
      const total = totalOf(treasury.page("Treasury", await treasury.look(signal)));
      expect(total).toMatch(/^[+-][\d.]+ % in 24 h$/);
      const caption = await chartCaption(treasury, "day");
      expect(caption).toBe(`Simulated market: nothing of it is real.\n${total}`);
    }
  });

  it("name the span that they have, where it is shorter", async () => {
    const treasury = await lives.begin();
    await lookOnce(treasury, signal);
    await watchFor(treasury, 180);
    const page = treasury.page("Treasury", await treasury.look(signal));
    expect(totalOf(page)).toMatch(/^[+-][\d.]+ % since 09:00, 3 h$/);
    expect(page).toContain("since 09:00, 3 h |");
    for (const span of ["day", "week", "month"] as const)
      expect(await chartCaption(treasury, span)).toContain(totalOf(page));
  });

  it("say that there is nothing to compare with yet", async () => {
    const treasury = await lives.begin();
    const page = treasury.page("Treasury", await treasury.look(signal));
    expect(totalOf(page)).toBe("no earlier value yet");
    expect(await chartCaption(treasury, "day")).toMatch(/too little history/);
  });
});
