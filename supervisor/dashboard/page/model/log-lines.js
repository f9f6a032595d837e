const ranks = { error: 0, warn: 1, info: 2, debug: 3 };
/** A line's own time may be a little older than its place in the log. */
const overlapMs = 2000;

const keyOf = ({ at, level, name, text }) => `${at} ${level} ${name} ${text}`;

/** From when on to ask for what came after these lines; undefined where there are none. */
export const askSince = (lines) =>
  lines.length === 0 ? undefined : Math.max(...lines.slice(-100).map(({ at }) => at)) - overlapMs;

/** Which of the lines read are not among the known ones; two equal ones of one moment are two. */
export function unknownOf(read, known) {
  const counts = new Map();
  const from = read[0]?.at ?? 0;
  for (const line of known) {
    if (line.at < from) continue;
    counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  }
  return read.filter((line) => {
    const left = counts.get(keyOf(line)) ?? 0;
    if (left > 0) counts.set(keyOf(line), left - 1);
    return left === 0;
  });
}

/** Whether a line is to be shown. @param {{ level: string, words: string }} filter the least urgent level shown */
export function fits(line, { level, words }) {
  if (ranks[line.level] > ranks[level]) return false;
  return words === "" || line.text.toLowerCase().includes(words.toLowerCase());
}
