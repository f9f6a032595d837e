const dayMs = 86_400_000;
const withoutYear = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const withYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });

const two = (value) => String(value).padStart(2, "0");

/** Hours and minutes of the reader's own clock: `14:05`. */
export function clockTime(atMs) {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `14:05:09` */
export function clockTimeWithSeconds(atMs) {
  return `${clockTime(atMs)}:${two(new Date(atMs).getSeconds())}`;
}

/** The calendar day as `2026-03-14`, in the reader's own time zone. */
export function dayKey(atMs) {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const midnight = (ms) => new Date(ms).setHours(0, 0, 0, 0);

/** Midnights are compared, not 24 hours: one minute past midnight the evening before is already yesterday. */
function daysBetween(atMs, nowMs) {
  return Math.round((midnight(nowMs) - midnight(atMs)) / dayMs);
}

/** The words between two days of a conversation. */
export function dayLabel(atMs, nowMs) {
  const days = daysBetween(atMs, nowMs);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (sameYear ? withoutYear : withYear).format(atMs);
}

/** When a chat last moved, as short as a list can bear. */
export function listStamp(atMs, nowMs) {
  const days = daysBetween(atMs, nowMs);
  if (days <= 0) return clockTime(atMs);
  if (days < 7) return weekday.format(atMs);
  return shortDay.format(atMs);
}

/** `8 ms`, `1.2 s`, `2 min 5 s` */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
