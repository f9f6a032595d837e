import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportWhenDue } from "../../../bots/treasury/report/report.ts";
import { TreasuryLives } from "./treasury-lives.ts";

const hourMs = 3_600_000;
const { signal } = new AbortController();
let lives: TreasuryLives;

beforeEach(() => {
  lives = new TreasuryLives({ report_at: "09:00" });
});

afterEach(() => {
  lives.remove();
});

const titles = (): string[] =>
  lives.told.map(({ text }) => /Daily report of [^*]*/.exec(text)?.[0] ?? "none");

describe("the daily report", () => {
  it("is told at its time, once a day, and not for the time before the first start", async () => {
    const treasury = await lives.begin();
    for (let hour = 0; hour < 49; hour += 1) {
      await reportWhenDue(treasury, signal);
      await lives.clock.advance(hourMs);
    }
    expect(titles()).toEqual(["Daily report of 2026-01-10", "Daily report of 2026-01-11"]);
  });

  it("is made up for after an absence, the newest only, and says that it is late", async () => {
    await reportWhenDue(await lives.begin(), signal);
    await lives.clock.advance(75 * hourMs);
    await reportWhenDue(await lives.begin(), signal);
    await reportWhenDue(await lives.begin(), signal);
    expect(titles()).toEqual(["Daily report of 2026-01-13, due at 09:00"]);
  });

  it("is told once where the process died before it could remember it", async () => {
    await reportWhenDue(await lives.begin(), signal);
    await lives.clock.advance(hourMs);
    const dying = await lives.begin();
    dying.parts.memory.change = () => Promise.reject(new Error("killed"));
    await expect(reportWhenDue(dying, signal)).rejects.toThrow("killed");
    await lives.clock.advance(60_000);
    await reportWhenDue(await lives.begin(), signal);
    expect(titles()).toEqual(["Daily report of 2026-01-10"]);
  });
});
