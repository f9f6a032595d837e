/** The fleet's last hours, as the control API tells them, minute by minute. */
export function emptyHistory() {
  return { everyMs: 60_000, kept: 360, bots: new Map(), now: 0 };
}

/** Merges an answer: its minutes are newer than what was known of them. */
export function takeHistory(history, { everyMs, kept, now, bots }) {
  const known = history.bots;
  Object.assign(history, { everyMs, kept, now });
  const oldest = now - everyMs * kept;
  history.bots = new Map(
    Object.entries(bots).map(([name, minutes]) => {
      const merged = new Map(known.get(name));
      for (const minute of minutes) merged.set(minute.at, minute);
      for (const at of merged.keys()) if (at <= oldest) merged.delete(at);
      return [name, merged];
    }),
  );
}

/** From when on the next reading must tell: the newest minute may still grow. */
export const newestOf = ({ now, everyMs }) => Math.max(0, now - everyMs);

const nothing = (at) => ({
  at,
  handled: 0,
  took: new Map(),
  errors: {},
  waiting: 0,
  memoryBytes: 0,
});

/**
 * The minutes of some bots in columns of one chart.
 *
 * @param {object} history
 * @param {readonly string[]} names
 * @param {{ nowMs: number, spanMs: number, columnMs: number }} window
 */
export function columns(history, names, { nowMs, spanMs, columnMs }) {
  const end = (Math.floor(nowMs / columnMs) + 1) * columnMs;
  const count = Math.round(spanMs / columnMs);
  const start = end - count * columnMs;
  const found = Array.from({ length: count }, (_, index) => nothing(start + index * columnMs));
  for (const name of names) {
    const peaks = new Map();
    for (const minute of history.bots.get(name)?.values() ?? []) {
      const column = found[Math.floor((minute.at - start) / columnMs)];
      if (column === undefined) continue;
      addTo(column, minute);
      peaks.set(column, Math.max(peaks.get(column) ?? 0, minute.memoryBytes ?? 0));
    }
    for (const [column, peak] of peaks) column.memoryBytes += peak;
  }
  return found;
}

function addTo(column, { handled = 0, took = [], errors = {}, waiting = 0 }) {
  column.handled += handled;
  column.waiting += waiting;
  for (const [bound, count] of took) column.took.set(bound, (column.took.get(bound) ?? 0) + count);
  for (const [kind, count] of Object.entries(errors))
    column.errors[kind] = (column.errors[kind] ?? 0) + count;
}

/** All columns as one. */
export function together(list) {
  const all = nothing(0);
  for (const column of list) addTo(all, column);
  return all;
}

/**
 * How many milliseconds a share `part` of the updates took at most; undefined where there were none. A bound is what is
 * known: the half of those that took at most 0.1 s may have taken 0.01 s.
 */
export function quantile(took, part) {
  const total = [...took.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rising = [...took].toSorted(([a], [b]) => (a ?? Infinity) - (b ?? Infinity));
  let left = total * part;
  for (const [bound, count] of rising) {
    left -= count;
    if (left <= 0) return bound === null ? longestMs : bound * 1000;
  }
  return longestMs;
}

/** Longer than the longest bound; shown as that. */
const longestMs = 300_000;

/** Kinds of errors in these columns, the most frequent first. */
export function errorKinds(list) {
  return Object.entries(together(list).errors)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind]) => kind);
}
