/** The fleet's last hours, as the control API tells them, minute by minute. */
export function emptySeries() {
  return { stepMs: 60_000, steps: 360, boundsMs: [], bots: new Map(), now: 0 };
}

/** Merges an answer: its minutes are newer than what was known of them. */
export function takeSeries(series, answer) {
  const { stepMs, steps, boundsMs, now } = answer;
  Object.assign(series, { stepMs, steps, boundsMs, now });
  const oldest = now - stepMs * steps;
  const known = series.bots;
  series.bots = new Map(
    Object.entries(answer.bots).map(([name, slots]) => {
      const kept = new Map(known.get(name));
      for (const slot of slots) kept.set(slot.at, slot);
      for (const at of kept.keys()) if (at <= oldest) kept.delete(at);
      return [name, kept];
    }),
  );
}

/** From when on the next reading must tell: the newest minute may still grow. */
export const newestOf = (series) => Math.max(0, series.now - series.stepMs);

/**
 * The minutes of some bots in columns of one chart.
 *
 * @param {object} series
 * @param {readonly string[]} names
 * @param {{ nowMs: number, spanMs: number, columnMs: number }} window
 */
export function columns(series, names, { nowMs, spanMs, columnMs }) {
  const end = (Math.floor(nowMs / columnMs) + 1) * columnMs;
  const count = Math.round(spanMs / columnMs);
  const start = end - count * columnMs;
  const found = Array.from({ length: count }, (_, index) => ({
    at: start + index * columnMs,
    handled: 0,
    buckets: [],
    errors: {},
    waiting: 0,
    memoryBytes: 0,
  }));
  for (const name of names) {
    const peaks = new Map();
    for (const slot of series.bots.get(name)?.values() ?? []) {
      const column = found[Math.floor((slot.at - start) / columnMs)];
      if (column === undefined) continue;
      addSlot(column, slot);
      peaks.set(column, Math.max(peaks.get(column) ?? 0, slot.memoryBytes ?? 0));
    }
    for (const [column, peak] of peaks) column.memoryBytes += peak;
  }
  return found;
}

function addSlot(column, { handled = 0, buckets = [], errors = {}, waiting = 0 }) {
  column.handled += handled;
  column.waiting += waiting;
  buckets.forEach((count, index) => {
    column.buckets[index] = (column.buckets[index] ?? 0) + count;
  });
  for (const [kind, count] of Object.entries(errors))
    column.errors[kind] = (column.errors[kind] ?? 0) + count;
}

/** All columns as one. */
export function merged(list) {
  const all = { handled: 0, buckets: [], errors: {}, waiting: 0 };
  for (const column of list) addSlot(all, column);
  return all;
}

/**
 * What share `part` of the updates took at most, in milliseconds; undefined where there were none. Between two bounds
 * it is guessed as if they were spread evenly; beyond the last one it is that bound.
 */
export function quantile(buckets, boundsMs, part) {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let left = total * part;
  for (const [index, count] of buckets.entries()) {
    const upper = boundsMs[index];
    if (upper === undefined) return boundsMs.at(-1);
    const lower = boundsMs[index - 1] ?? 0;
    if (count > 0 && left <= count) return lower + ((upper - lower) * left) / count;
    left -= count;
  }
  return boundsMs.at(-1);
}

/** Kinds of errors in these columns, the most frequent first. */
export function errorKinds(list) {
  return Object.entries(merged(list).errors)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind]) => kind);
}
