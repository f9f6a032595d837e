import { chartButtons, type Treasury } from "../treasury.ts";
import { latestDue } from "./due.ts";

/** A report that is told later than this says so. */
const lateAfterMs = 10 * 60_000;

/**
 * Tells the daily report when it is due, once: also where the bot was killed meanwhile. Of those that were missed the
 * newest is made up for. Before the bot first ran none was due.
 * @throws ChainError, AnswerNotStoredError
 */
export async function reportWhenDue(treasury: Treasury, signal: AbortSignal): Promise<void> {
  const { options, memory, announcer, clock } = treasury.parts;
  const due = latestDue(clock.now(), options.report_at, options.time_zone);
  const { lastReport } = memory.now;
  if (lastReport === null) return memory.change({ lastReport: due.date });
  if (due.date <= lastReport) return;
  const isLate = clock.now() - due.atMs > lateAfterMs;
  const title = `Daily report of ${due.date}${isLate ? `, due at ${options.report_at}` : ""}`;
  const page = treasury.page(title, await treasury.look(signal));
  // First accepted under its key, then remembered: a crash between the two tells it again, and the key drops it.
  await announcer.tell(`report ${due.date}`, page, chartButtons);
  await memory.change({ lastReport: due.date });
}
