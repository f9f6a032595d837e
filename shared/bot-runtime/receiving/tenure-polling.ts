import { runPoller } from "../../intake/polling/poller.ts";
import { type PollerDeps, type PollerEnd } from "../../intake/polling/poller-deps.ts";
import type { AppendBell } from "../../intake/update-log/append-bell.ts";
import type { LogWriter } from "../../intake/update-log/log-writer.ts";
import { newestEpochOf, openLogWriter, updateLogDir } from "../../intake/update-log/open-log.ts";
import { FolderStorage } from "../../intake/update-log/segments/folder-storage.ts";
import { currentEpoch, raiseEpoch } from "../../polling-lock/epoch.ts";
import { untilStorageWorks } from "../../storage/patience.ts";
import type { Tenure } from "./receiving.ts";

export interface TenurePollingDeps extends Omit<PollerDeps, "sink" | "ownsToken"> {
  readonly stateDir: string;
  readonly bell: AppendBell;
  readonly onEpoch: (epoch: number) => void;
  readonly onRepeats: (updateIds: readonly number[]) => void;
}

/**
 * One tenure of polling: a new epoch, the update log opened under it, the poller. While the disk refuses, nothing is
 * asked of Telegram: what cannot be kept must not be taken.
 */
export async function pollUnder(tenure: Tenure, deps: TenurePollingDeps): Promise<PollerEnd> {
  const onRefused = (reason: string): void => {
    deps.onState({ state: "waiting_for_storage", reason });
  };
  const patience = { ...deps, onRefused };
  const writer = await untilStorageWorks(patience, tenure.signal, () => openWriter(tenure, deps));
  try {
    deps.onState({ state: "connecting" });
    deps.log.info("polling begins", { botId: deps.botId, epoch: writer.epoch });
    return await runPoller({ ...deps, sink: writer, ownsToken: tenure.isOurs }, tenure.signal);
  } finally {
    await writer.close();
  }
}

async function openWriter(
  tenure: Tenure,
  { stateDir, botId, bell, onEpoch, onRepeats, clock, log }: TenurePollingDeps,
): Promise<LogWriter> {
  const dir = updateLogDir(stateDir, botId);
  // The record or the log may know of a later epoch than our own file: another state directory, or a lost file.
  const greatestSeen = Math.max(tenure.lastEpoch, await newestEpochOf(new FolderStorage(dir), log));
  const epoch = await raiseEpoch(stateDir, botId, log, { clock, greatestSeen });
  await tenure.noteEpoch(epoch);
  onEpoch(epoch);
  return openLogWriter({
    dir,
    botId,
    epoch,
    currentEpoch: () => currentEpoch(stateDir, botId),
    clock,
    log,
    bell,
    onRepeats,
  });
}
