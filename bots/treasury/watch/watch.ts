import { backoffMs } from "../../../shared/backoff.ts";
import type { BlockRef } from "../../../shared/chain/chain.ts";
import { passes } from "../../../shared/chain/chain-error.ts";
import { nextStep, type Step } from "../../../shared/chain/follow/next-step.ts";
import { extended, shortened, type Trail } from "../../../shared/chain/follow/trail.ts";
import { sampleOf } from "../past/sample.ts";
import { nextDueMs } from "../report/due.ts";
import { reportWhenDue } from "../report/report.ts";
import type { Treasury } from "../treasury.ts";
import { tellLow, tellTransfers } from "./alerts.ts";

/** How far apart the samples of the history are. */
const sampleEveryMs = 5 * 60_000;
/** Coin is looked for block by block: what an outage or a crash makes it do again stays short. */
const longestStretch = 100;
const retry = { baseMs: 1_000, capMs: 60_000 };

/** Looks after the treasury until the signal aborts: transfers, low balances, the history, the daily report. */
export async function watch(treasury: Treasury, signal: AbortSignal): Promise<void> {
  const { options, clock, random, log } = treasury.parts;
  for (let failures = 0; !signal.aborted; ) {
    let waitMs: number;
    try {
      await lookOnce(treasury, signal);
      if (failures > 0) log.info("the treasury can be watched again");
      failures = 0;
      const untilReportMs =
        nextDueMs(clock.now(), options.report_at, options.time_zone) - clock.now();
      waitMs = Math.min(options.check_seconds * 1_000, untilReportMs);
    } catch (error) {
      if (signal.aborted) return;
      // Told once; what lasts is seen in the pages, which tell their block and time.
      const level = failures > 0 ? "debug" : passes(error) ? "warn" : "error";
      log[level]("the treasury cannot be watched just now; tried again", { error });
      waitMs = backoffMs(retry, failures, random);
      failures += 1;
    }
    try {
      await clock.sleep(waitMs, signal);
    } catch {
      // The bot stops.
      return;
    }
  }
}

/** Everything that is to be done by now, each thing remembered as soon as it is told. */
export async function lookOnce(treasury: Treasury, signal: AbortSignal): Promise<void> {
  const { chain, history, clock } = treasury.parts;
  await reportWhenDue(treasury, signal);
  const tip = await follow(treasury, signal);
  const block = tip === undefined ? undefined : await chain.block(tip.number, signal);
  if (block === undefined) return;
  const snapshot = await treasury.look(signal, block);
  await tellLow(treasury, snapshot);
  const last = history.samples.at(-1);
  if (last === undefined || clock.now() - last.atMs >= sampleEveryMs)
    await history.add(sampleOf(snapshot));
}

/** To the newest confirmed block. Remembered at its end: what a crash makes it look at twice is told once, by its key. */
async function follow(treasury: Treasury, signal: AbortSignal): Promise<BlockRef | undefined> {
  const { chain, options, memory } = treasury.parts;
  const { confirmations } = options;
  let trail: Trail = memory.now.trail;
  for (;;) {
    const step = await nextStep(chain, trail, { confirmations, longestStretch }, signal);
    if (step.kind === "wait") break;
    trail = await handled(treasury, trail, step, signal);
    if (step.kind === "block") continue;
    await memory.change({ trail });
    // A long way takes its time; a report does not wait for its end.
    await reportWhenDue(treasury, signal);
  }
  if (trail !== memory.now.trail) await memory.change({ trail });
  return trail.at(-1);
}

async function handled(
  treasury: Treasury,
  trail: Trail,
  step: Exclude<Step, { kind: "wait" }>,
  signal: AbortSignal,
): Promise<Trail> {
  if (step.kind === "begin") {
    treasury.parts.log.info("watching the wallets from here", { block: step.block.number });
    return extended([], step.block);
  }
  // Told already; where the same transfers come again, their keys keep them from being told twice.
  if (step.kind === "back") return shortened(trail, step.gone);
  const [first, last] =
    step.kind === "block" ? [step.block.number, step.block] : [step.first, step.last];
  await tellTransfers(treasury, first, last, signal);
  return extended(trail, last);
}
