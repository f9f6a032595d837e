import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "../clock.ts";
import { systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { setAside } from "../storage/set-aside.ts";

export interface EpochOptions {
  readonly clock?: Clock;
  /** The greatest epoch known from elsewhere (holder record, update log); the new one is greater. */
  readonly greatestSeen?: number;
}

/**
 * Raises the counter that tells one polling of a bot from all earlier ones, and returns it, on the disk already. Call
 * it only under the poll guard: nothing else keeps two processes from getting the same number.
 *
 * A broken file must not leave a bot deaf, and a number given before must never come again: the file is set aside and
 * the counter goes on from the seconds since 1970, which no counter that grows by one per start has reached.
 * @throws the system's error when the number cannot be written; polling must not begin then
 */
export async function raiseEpoch(
  stateDir: string,
  botId: number,
  log: Log,
  options: EpochOptions = {},
): Promise<number> {
  const path = epochPath(stateDir, botId);
  const last = await readEpoch(path, log, options.clock ?? systemClock);
  const epoch = Math.max(last, options.greatestSeen ?? 0) + 1;
  await writeFileAtomic(path, `${epoch}\n`);
  return epoch;
}

/** The epoch that the bot's newest poller was given; 0 where there is none or it cannot be read as a number. Asked twice per
 * batch: some bytes from the page cache take a fraction of the way through the thread pool. */
export function currentEpoch(stateDir: string, botId: number): number {
  try {
    return Number.parseInt(readFileSync(epochPath(stateDir, botId), "utf8"), 10) || 0;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return 0;
    throw error;
  }
}

function epochPath(stateDir: string, botId: number): string {
  return join(stateDir, "updates", String(botId), "epoch");
}

async function readEpoch(path: string, log: Log, clock: Clock): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return 0;
    if (systemErrorCode(error) !== "EISDIR") throw error;
    text = "a folder";
  }
  const epoch = /^\d{1,15}\n?$/.test(text) ? Number(text) : undefined;
  if (epoch !== undefined) return epoch;
  const restartedAt = Math.floor(clock.now() / 1_000);
  log.error("the epoch file is broken and was set aside; the counter goes on from the clock", {
    file: path,
    movedTo: await setAside(path, clock),
    epoch: restartedAt + 1,
  });
  return restartedAt;
}
