import { changePercent } from "../../../shared/chain/amounts/format-amount.ts";
import { formatDuration } from "../../../shared/duration.ts";
import type { Course } from "../past/course.ts";
import { localTime } from "../report/due.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const wholeSpans = { day: "24 h", week: "7 days", month: "30 days" } as const;

/** "24 h", or where the history is shorter, "since 14:05, 3 h". */
export function spanText({ span, isWhole, first, now }: Course, zone: string): string {
  if (isWhole) return wholeSpans[span];
  const lengthMs = now.atMs - first.atMs;
  const since = localTime(first.atMs, zone);
  const shown = lengthMs < dayMs ? since.slice(11) : since;
  return `since ${shown}, ${formatDuration(Math.round(lengthMs / minuteMs) * minuteMs)}`;
}

/** What became of the value: "+1.25 % in 24 h", "-0.5 % since 14:05, 3 h". */
export function courseText(course: Course, zone: string): string {
  const change = changeText(course.first.value, course.now.value);
  const span = spanText(course, zone);
  return `${change === "" ? "no change to tell" : change} ${course.isWhole ? "in " : ""}${span}`;
}

/** "+1.25 %"; empty where nothing is known of before. */
export function changeText(before: bigint | undefined, now: bigint): string {
  return before === undefined ? "" : changePercent(before, now);
}
