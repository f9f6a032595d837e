import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";

const { clockTime, dayKey, dayLabel, listStamp, duration } = await pageModule<{
  clockTime: (atMs: number) => string;
  dayKey: (atMs: number) => string;
  dayLabel: (atMs: number, nowMs: number) => string;
  listStamp: (atMs: number, nowMs: number) => string;
  duration: (ms: number) => string;
}>("model/time.js");

/** Local time, as the reader's clock shows it. */
const at = (month: number, day: number, hour = 12, minute = 0, year = 2026): number =>
  new Date(year, month - 1, day, hour, minute).getTime();
const now = at(3, 14, 0, 1);

describe("times in the page", () => {
  it("have two digits for hours and minutes", () => {
    expect(clockTime(at(3, 14, 7, 5))).toBe("07:05");
    expect(dayKey(at(3, 4))).toBe("2026-03-04");
  });

  it.each([
    ["Today", at(3, 14, 0, 0)],
    ["Yesterday", at(3, 13, 23, 59)],
    ["Thursday 12 March", at(3, 12)],
    ["31 December 2025", at(12, 31, 12, 0, 2025)],
  ])("stand between days as %s", (label, atMs) => {
    expect(dayLabel(atMs, now).replace(",", "")).toBe(label);
  });

  it.each([
    ["00:00", at(3, 14, 0, 0)],
    ["Fri", at(3, 13)],
    ["1 Mar", at(3, 1)],
  ])("stand in the list as %s", (stamp, atMs) => {
    expect(listStamp(atMs, now)).toBe(stamp);
  });

  it.each([
    [0, "0 ms"],
    [7.6, "8 ms"],
    [1234, "1.2 s"],
    [125_000, "2 min 5 s"],
  ])("%d ms last %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
