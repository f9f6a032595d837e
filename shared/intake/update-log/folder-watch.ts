import { watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";

/** Tells of changes in a log's folder by whichever process; a port, because some file systems have no such thing. */
export type FolderWatch = (folder: string, onChange: () => void, log: Log) => Promise<() => void>;

/** inotify and its relatives: within a millisecond or two, without looking at the disk in between. */
export const watchFolder: FolderWatch = async (folder, onChange, log) => {
  const without = (error: unknown): void => {
    log.warn(
      "Changes of the update log are not announced here; it is looked at every few seconds.",
      {
        folder,
        cause: errorMessage(error),
      },
    );
  };
  try {
    // A bot may listen before the poller of its token ever wrote.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const watcher = watch(folder, onChange);
    watcher.on("error", without);
    return () => {
      watcher.close();
    };
  } catch (error) {
    without(error);
    return () => undefined;
  }
};
