import { backoffMs } from "../../../shared/backoff.ts";
import type { BlockRef } from "../../../shared/chain/chain.ts";
import { passes } from "../../../shared/chain/chain-error.ts";
import { nextStep, type Step } from "../../../shared/chain/follow/next-step.ts";
import {
  extended,
  shortened,
  type Trail,
  trailLength,
} from "../../../shared/chain/follow/trail.ts";
import { sampleOf } from "../past/sample.ts";
import { nextDueMs } from "../report/due.ts";
import { reportWhenDue } from "../report/report.ts";
import type { Treasury } from "../treasury.ts";
import { lowAlerts, transferAlerts } from "./alerts.ts";
import { many, tellUntold } from "./untold.ts";
import type { Remembered } from "./watch-memory.ts";

/** How far apart the samples of the history are. */
const sampleEveryMs = 5 * 60_000;
/** Coin is looked for block by block: what an outage or a crash makes it do again stays short. */
const longestStretch = 100;
/** Transfers are known again for so many blocks: deeper than any reorganisation that can be followed. */
const seenDepth = 2 * trailLength;
/** After more than this the simulated market is looked at from its newest block on. */
const longestSimulatedPauseMs = 60 * 60_000;
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

/** Everything that is to be done by now, each thing remembered before it is told. */
export async function lookOnce(treasury: Treasury, signal: AbortSignal): Promise<void> {
  const { chain, history, memory, clock } = treasury.parts;
  // Of a life that ended before it was told.
  await tellUntold(treasury);
  await reportWhenDue(treasury, signal);
  const tip = await follow(treasury, signal);
  const block = tip === undefined ? undefined : await chain.block(tip.number, signal);
  if (block === undefined) return;
  const snapshot = await treasury.look(signal, block);
  const { low, alerts } = lowAlerts(treasury, snapshot);
  if (alerts.length > 0) await memory.change({ low, untold: alerts });
  await tellUntold(treasury);
  const last = history.samples.at(-1);
  if (last === undefined || clock.now() - last.atMs >= sampleEveryMs)
    await history.add(sampleOf(snapshot));
}

/** How far the wallets were looked at, and what that has brought. */
type Progress = Pick<Remembered, "trail" | "seen" | "untold">;

/** To the newest confirmed block. Nothing is untold when it begins, and nothing when it ends. */
async function follow(treasury: Treasury, signal: AbortSignal): Promise<BlockRef | undefined> {
  const { chain, options, memory } = treasury.parts;
  const { confirmations } = options;
  let progress: Progress = { ...memory.now, trail: await followedTrail(treasury, signal) };
  for (;;) {
    const limits = { confirmations, longestStretch };
    const step = await nextStep(chain, progress.trail, limits, signal);
    if (step.kind === "wait") break;
    progress = await handled(treasury, progress, step, signal);
    if (step.kind === "block") continue;
    await remember(treasury, progress);
    // A long way takes its time: neither alerts nor a report wait for its end, but few alerts wait for more.
    if (progress.untold.length >= many) {
      await tellUntold(treasury);
      progress = { ...progress, untold: [] };
    }
    await reportWhenDue(treasury, signal);
  }
  if (progress.trail !== memory.now.trail) await remember(treasury, progress);
  await tellUntold(treasury);
  return progress.trail.at(-1);
}

/** What was followed; nothing where the simulated market was left alone for long: nobody lost anything there. */
async function followedTrail(
  { parts: { chain, memory, log } }: Treasury,
  signal: AbortSignal,
): Promise<Trail> {
  const { trail } = memory.now;
  const tip = trail.at(-1);
  if (!chain.simulated || tip === undefined) return trail;
  const missed = (await chain.head(signal)).number - tip.number;
  if (missed * chain.blockTimeMs <= longestSimulatedPauseMs) return trail;
  log.info("the simulated market went on alone; its old blocks are left out", { blocks: missed });
  return [];
}

async function handled(
  treasury: Treasury,
  progress: Progress,
  step: Exclude<Step, { kind: "wait" }>,
  signal: AbortSignal,
): Promise<Progress> {
  const { trail, seen, untold } = progress;
  if (step.kind === "begin") {
    treasury.parts.log.info("watching the wallets from here", { block: step.block.number });
    return { ...progress, trail: extended([], step.block) };
  }
  // Told already, or about to be; where the same transfers come again, they were seen.
  if (step.kind === "back") return { ...progress, trail: shortened(trail, step.gone) };
  const [first, last] =
    step.kind === "block" ? [step.block.number, step.block] : [step.first, step.last];
  const found = await transferAlerts(treasury, first, last, signal);
  const fresh = found.filter(({ key }) => !Object.hasOwn(seen, key));
  return {
    trail: extended(trail, last),
    seen: { ...seen, ...Object.fromEntries(found.map(({ key, block }) => [key, block])) },
    untold: [...untold, ...fresh.map(({ key, text }) => ({ key, text }))],
  };
}

async function remember({ parts: { memory } }: Treasury, progress: Progress): Promise<void> {
  const { trail, seen, untold } = progress;
  const oldest = (trail.at(-1)?.number ?? 0) - seenDepth;
  const recent = Object.entries(seen).filter(([, block]) => block > oldest);
  await memory.change({ trail, seen: Object.fromEntries(recent), untold });
}
