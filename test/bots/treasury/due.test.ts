import { describe, expect, it } from "vitest";
import { isTimeZone, latestDue, nextDueMs } from "../../../bots/treasury/report/due.ts";

const at = (text: string): number => Date.parse(text);
const shown = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

describe("when a daily report is due", () => {
  it.each([
    [
      "before today's",
      "2026-01-10T07:59:59Z",
      "09:00",
      "Europe/Zurich",
      "2026-01-09",
      "2026-01-09T08:00",
    ],
    [
      "at the very moment",
      "2026-01-10T08:00:00Z",
      "09:00",
      "Europe/Zurich",
      "2026-01-10",
      "2026-01-10T08:00",
    ],
    [
      "in summer",
      "2026-07-10T12:00:00Z",
      "09:00",
      "Europe/Zurich",
      "2026-07-10",
      "2026-07-10T07:00",
    ],
    [
      "where it is tomorrow already",
      "2026-01-10T20:00:00Z",
      "07:30",
      "Asia/Tokyo",
      "2026-01-10",
      "2026-01-09T22:30",
    ],
    [
      "in a zone of half hours",
      "2026-01-10T12:00:00Z",
      "09:00",
      "Asia/Kolkata",
      "2026-01-10",
      "2026-01-10T03:30",
    ],
    [
      "at a time that the clocks skip",
      "2026-03-29T12:00:00Z",
      "02:30",
      "Europe/Zurich",
      "2026-03-29",
      "2026-03-29T01:00",
    ],
    [
      "at a time that comes twice",
      "2026-10-25T12:00:00Z",
      "02:30",
      "Europe/Zurich",
      "2026-10-25",
      "2026-10-25T00:30",
    ],
    [
      "at the end of a year",
      "2026-01-01T00:30:00Z",
      "23:00",
      "America/New_York",
      "2025-12-30",
      "2025-12-31T04:00",
    ],
  ])("%s", (_, now, time, zone, date, due) => {
    const found = latestDue(at(now), time, zone);
    expect([found.date, shown(found.atMs)]).toEqual([date, due]);
  });

  it("comes once a day, through a year and its changes of the clocks", () => {
    for (const zone of ["Europe/Zurich", "America/New_York", "UTC", "Australia/Lord_Howe"]) {
      const dates = new Set<string>();
      let now = at("2026-01-01T00:00:00Z");
      for (let day = 0; day < 365; day += 1) {
        now = nextDueMs(now, "02:15", zone);
        const due = latestDue(now, "02:15", zone);
        expect(due.atMs, zone).toBe(now);
        dates.add(due.date);
      }
      expect(dates.size).toBe(365);
    }
  });

  it("knows time zones", () => {
    expect(["Europe/Zurich", "UTC", "Mars/Base"].map(isTimeZone)).toEqual([true, true, false]);
  });
});
