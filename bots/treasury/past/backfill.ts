import { ChainError } from "../../../shared/chain/chain-error.ts";
import type { Treasury } from "../treasury.ts";
import { type Sample, sampleOf } from "./sample.ts";

const hourMs = 3_600_000;
const hours = 24;

/**
 * Begins an empty history with the last day, hour by hour from the newest, as far back as the chain remembers: most
 * servers forget what was held after a few hundred blocks, archives and the simulated market do not.
 */
export async function backfill(treasury: Treasury, signal: AbortSignal): Promise<void> {
  const { chain, history, log } = treasury.parts;
  if (history.samples.length > 0) return;
  const found: Sample[] = [];
  try {
    const head = await chain.head(signal);
    for (let hour = 0; hour <= hours; hour += 1) {
      const number = head.number - Math.round((hour * hourMs) / chain.blockTimeMs);
      const block = number < 0 ? undefined : await chain.block(number, signal);
      if (block === undefined) break;
      found.push(sampleOf(await treasury.look(signal, block)));
    }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    log.info("the history begins with what the chain remembers", { hours: found.length });
  }
  if (found.length > 0) await history.add(...found);
}
