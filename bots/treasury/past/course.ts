import type { Sample } from "./sample.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const spans = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
export type SpanName = keyof typeof spans;

/** Farther from a span's begin than this, and a sample tells nothing about the span: hourly ones lie nearer. */
const toleranceMs = 40 * minuteMs;
/** What is younger is no past to compare with. */
const shortestMs = minuteMs;

/** What the treasury was worth over a span that ends now. */
export interface Course {
  readonly span: SpanName;
  /** Oldest first, at least two; the last one is now. */
  readonly samples: readonly Sample[];
  readonly first: Sample;
  readonly now: Sample;
  /** Whether it begins where the span does; else the history does not reach so far back, or has a gap there. */
  readonly isWhole: boolean;
}

export function spanOf(word: string): SpanName | undefined {
  const wanted = word.trim().toLowerCase();
  if (wanted === "") return "day";
  return wanted === "day" || wanted === "week" || wanted === "month" ? wanted : undefined;
}

/**
 * The one answer to "since when": pages and pictures tell their changes by it. It begins with the sample nearest to the
 * begin of the span, on either side of it; where none is near, with the first one after.
 * @param samples oldest first
 * @returns undefined where nothing is known of before
 */
export function courseOf(
  samples: readonly Sample[],
  now: Sample,
  span: SpanName,
): Course | undefined {
  const beginMs = now.atMs - spans[span];
  const past = samples.filter(({ atMs }) => atMs <= now.atMs - shortestMs);
  const distance = ({ atMs }: Sample): number => Math.abs(atMs - beginMs);
  const nearest = past.toSorted((a, b) => distance(a) - distance(b))[0];
  const isWhole = nearest !== undefined && distance(nearest) <= toleranceMs;
  const first = isWhole ? nearest : past.find(({ atMs }) => atMs > beginMs);
  if (first === undefined) return undefined;
  const shown = past.filter(({ atMs }) => atMs >= first.atMs);
  return { span, samples: [...shown, now], first, now, isWhole };
}
