import { createHash } from "node:crypto";
import type { Treasury } from "../treasury.ts";

/** Something to tell. What happened once has one key, and nothing else ever has it. */
export interface Alert {
  readonly key: string;
  /** Markdown. */
  readonly text: string;
}

/** So many are told one by one; more are gathered. */
const few = 3;
/** In one message: what a message holds, with the longest names. */
export const many = 10;

/**
 * Tells what is remembered as untold, and remembers that it is told. It was written down together with what it was found
 * in; a crash before the end tells the same messages again, and their keys drop them.
 * @throws AnswerNotStoredError, the system's error
 */
export async function tellUntold({ parts: { memory, announcer } }: Treasury): Promise<void> {
  const { untold } = memory.now;
  if (untold.length === 0) return;
  for (const { key, text } of gathered(untold)) await announcer.tell(key, text);
  await memory.change({ untold: [] });
}

/** The same alerts always make the same messages. */
function gathered(alerts: readonly Alert[]): readonly Alert[] {
  if (alerts.length <= few) return alerts;
  const count = Math.ceil(alerts.length / many);
  return Array.from({ length: count }, (_, index) => {
    const part = alerts.slice(index * many, (index + 1) * many);
    const keys = JSON.stringify(part.map(({ key }) => key));
    const digest = createHash("sha256").update(keys).digest("hex").slice(0, 32);
    const place = count === 1 ? "" : ` (${index + 1} of ${count})`;
    const texts = part.map(({ text }) => text);
    return {
      key: `alerts ${digest}`,
      text: [`**${alerts.length} alerts at once**${place}`, ...texts].join("\n\n"),
    };
  });
}
