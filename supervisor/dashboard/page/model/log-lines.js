const head = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (ERROR|WARN|INFO|DEBUG) +\[([^\]]*)\] (.*)$/s;
const ranks = { error: 0, warn: 1, info: 2, debug: 3 };

/**
 * Log lines as entries: a line that has no time of its own (a stack) belongs to the entry before it.
 *
 * @param {string[]} lines
 * @param {object[]} entries grows; the last one too
 */
export function takeLines(lines, entries) {
  for (const line of lines) {
    const [, time, level, label, text] = head.exec(line) ?? [];
    const last = entries.at(-1);
    if (time !== undefined)
      entries.push({ atMs: Date.parse(time), level: level.toLowerCase(), label, text });
    else if (last === undefined) entries.push({ atMs: undefined, level: "info", text: line });
    else last.text += `\n${line}`;
  }
}

/** Whether an entry is to be shown. @param {{ level: string, words: string }} filter the least urgent level shown */
export function fits(entry, { level, words }) {
  if (ranks[entry.level] > ranks[level]) return false;
  return words === "" || entry.text.toLowerCase().includes(words.toLowerCase());
}
