import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, errorMessage } from "../errors.ts";

/** The lock of the fleet's main token: one fleet per lock directory. */
export const mainLockName = "telegram_polling";

/** The name of the lock that stands for polling a bot's token; bots that share main's token share its lock. */
export function lockName(botId: number, mainBotId: number): string {
  return botId === mainBotId ? mainLockName : `${mainLockName}-${botId}`;
}

export interface LockPaths {
  readonly name: string;
  /** The lock itself: a directory, because making one is atomic everywhere. */
  readonly lock: string;
  /** Who holds it, for people and for the next holder. */
  readonly record: string;
}

/**
 * The paths of a lock, the same for everybody who means the same directory, whichever way they wrote it; a missing
 * directory is made.
 * @throws ConfigurationError where it cannot be made
 */
export async function findLockPaths(lockDir: string, name: string): Promise<LockPaths> {
  try {
    await mkdir(lockDir, { recursive: true, mode: 0o700 });
    const folder = await realpath(lockDir);
    return { name, lock: join(folder, `${name}.lock`), record: join(folder, name) };
  } catch (error) {
    throw new ConfigurationError(
      `The directory for polling locks, ${lockDir}, cannot be used: ${errorMessage(error)}. ` +
        "Set TELEGRAM_LOCK_DIR to a directory that this user may write to.",
      { cause: error },
    );
  }
}
