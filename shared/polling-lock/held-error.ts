import { LockHeldError, OperationError } from "../errors.ts";
import { describeHolder, type HolderRecord } from "./holder-record.ts";
import { type LockPaths, mainLockName } from "./lock-name.ts";

/** Somebody else answers for polling this token; `holder` is undefined where no record says who. */
export class PollingLockHeldError extends LockHeldError {
  readonly lockName: string;
  readonly holder: HolderRecord | undefined;

  constructor(paths: LockPaths, holder: HolderRecord | undefined) {
    const who =
      holder === undefined ? "by an unknown process (no holder record)" : describeHolder(holder);
    super(
      `Telegram polling lock is already held: ${paths.name}, ${who}. Lock: ${paths.lock}. ${advice(paths)}`,
    );
    this.lockName = paths.name;
    this.holder = holder;
  }
}

function advice(paths: LockPaths): string {
  const wait = "Stop that process first; a lock whose process is dead is cleaned by itself.";
  return paths.name === mainLockName
    ? `${wait} To run a second fleet on this machine, give it tokens, a TG_STATE_DIR and a TELEGRAM_LOCK_DIR of its own.`
    : wait;
}

/** Why a lock that we held is no longer ours: the reason of its `lost` signal. */
export class PollingLockLostError extends OperationError {
  constructor(paths: LockPaths, why: string) {
    super(
      `The polling lock ${paths.lock} is no longer ours: ${why}. Polling must stop; look who holds it now in ${paths.record}.`,
    );
  }
}
