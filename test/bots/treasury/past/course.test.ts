import { describe, expect, it } from "vitest";
import { courseOf } from "../../../../bots/treasury/past/course.ts";
import type { Sample } from "../../../../bots/treasury/past/sample.ts";

const minuteMs = 60_000;
const at = (minutes: number): Sample => ({
  atMs: minutes * minuteMs,
  value: BigInt(Math.round(minutes)),
  values: {},
});
const day = 24 * 60;
const now = at(40 * day);

describe("the course of a value", () => {
  it.each([
    [
      "begins with the sample just before the span",
      "day",
      [-day - 2, -day + 4, -10],
      -day - 2,
      true,
    ],
    [
      "begins with the nearest one, also after its begin",
      "day",
      [-day - 9, -day + 2],
      -day + 2,
      true,
    ],
    [
      "takes hourly samples for a week",
      "week",
      [-7 * day - 30, -7 * day + 31],
      -7 * day - 30,
      true,
    ],
    ["begins where the history does", "month", [-180, -90], -180, false],
    ["does not bridge a gap at its begin", "day", [-2 * day, -day - 50, -180], -180, false],
    ["leaves out what a late server says of before the last look", "day", [-30, 1], -30, false],
  ] as const)("%s", (_, span, minutes, first, isWhole) => {
    const samples = minutes.map((each) => at(40 * day + each));
    const course = courseOf(samples, now, span);
    expect(course?.first.atMs).toBe((40 * day + first) * minuteMs);
    expect(course).toMatchObject({ isWhole, now });
    expect(course?.samples.at(0)).toBe(course?.first);
    expect(course?.samples.at(-1)).toBe(now);
    expect(course?.samples.length).toBeGreaterThan(1);
  });

  it.each([
    ["no history", []],
    ["a history that is a moment old", [-0.5]],
    ["nothing within the span", [-3 * day]],
  ])("is none for %s", (_, minutes) => {
    expect(
      courseOf(
        minutes.map((each) => at(40 * day + each)),
        now,
        "day",
      ),
    ).toBeUndefined();
  });
});
