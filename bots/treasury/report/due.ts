/** One daily report: the local date it belongs to, and when it is due. */
export interface Due {
  /** `2026-01-31`, in the zone of the report. */
  readonly date: string;
  readonly atMs: number;
}

const dayMs = 86_400_000;

export function isTimeZone(zone: string): boolean {
  try {
    return formatOf(zone).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/**
 * The newest report that is due at an instant.
 * @param time of day, `09:00`. One that a change of the clocks skips is due when the clocks have jumped; one that comes
 * twice is due the first time.
 */
export function latestDue(nowMs: number, time: string, zone: string): Due {
  const today = dateAt(nowMs, zone);
  const due = { date: today, atMs: instantOf(today, time, zone) };
  if (due.atMs <= nowMs) return due;
  const yesterday = neighbour(today, -1);
  return { date: yesterday, atMs: instantOf(yesterday, time, zone) };
}

/** When the next one will be due, epoch milliseconds. */
export function nextDueMs(nowMs: number, time: string, zone: string): number {
  const { date } = latestDue(nowMs, time, zone);
  return instantOf(neighbour(date, 1), time, zone);
}

/** `2026-01-31 09:00` of an instant in a zone. */
export function localTime(atMs: number, zone: string): string {
  return new Date(atMs + offsetMs(atMs, zone)).toISOString().slice(0, 16).replace("T", " ");
}

function dateAt(atMs: number, zone: string): string {
  return localTime(atMs, zone).slice(0, 10);
}

function neighbour(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

function instantOf(date: string, time: string, zone: string): number {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  // The offset at one of the two sides of a change is the right one; the earlier fitting instant is taken.
  const candidates = [asUtc - offsetMs(asUtc - dayMs, zone), asUtc - offsetMs(asUtc + dayMs, zone)];
  const fitting = candidates.filter((at) => localTime(at, zone) === `${date} ${time}`);
  return fitting.length > 0 ? Math.min(...fitting) : firstAfter(asUtc, zone, candidates);
}

/** The moment of the jump: the first whose local time is not before what was asked for. */
function firstAfter(asUtc: number, zone: string, candidates: readonly number[]): number {
  let [low, high] = [Math.min(...candidates) - 1, Math.max(...candidates)];
  const isPast = (at: number): boolean => at + offsetMs(at, zone) >= asUtc;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the zone's clocks show more than UTC, at an instant. */
function offsetMs(atMs: number, zone: string): number {
  const format = formatOf(zone);
  const parts = Object.fromEntries(
    format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(atMs / 1_000) * 1_000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const numbers = { year: "numeric", month: "numeric", day: "numeric" } as const;
  const times = { hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    calendar: "gregory",
    ...numbers,
    ...times,
  });
  formats.set(zone, format);
  return format;
}
