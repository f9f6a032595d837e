import { type FSWatcher, statSync, watch } from "node:fs";
import { join } from "node:path";
import type { Cancel, Clock } from "../clock.ts";
import type { Log } from "../logger.ts";

export interface FilesToWatch {
  readonly folder: string;
  readonly names: readonly string[];
  /** How late a change may be seen where the system sends no file events (network file systems, no watches left). */
  readonly slowCheckMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after a change, and sometimes without one: look at the files, and expect any state of them. */
  readonly onChange: () => void;
}

/**
 * Watches files that are replaced as a whole. File events are quick and cheap and can be missing without a word (the
 * folder was replaced, the file system sends none), so a look at the time stamps stands behind them.
 * @returns ends the watch
 */
export function watchFiles({
  folder,
  names,
  slowCheckMs,
  clock,
  log,
  onChange,
}: FilesToWatch): Cancel {
  const stamps = (): string => names.map((name) => stampOf(join(folder, name))).join(" ");
  let seen = stamps();
  let watcher: FSWatcher | undefined;
  let complained = false;
  let cancelTimer: Cancel | undefined;

  function complain(error: unknown): void {
    watcher?.close();
    watcher = undefined;
    if (complained) return;
    complained = true;
    log.warn("file events are not to be had here; the files are looked at by the clock instead", {
      folder,
      everyMs: slowCheckMs,
      error: String(error),
    });
  }

  function listen(): void {
    watcher?.close();
    watcher = undefined;
    try {
      watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name !== null && !names.includes(name)) return;
        seen = stamps();
        onChange();
      });
      watcher.on("error", complain);
    } catch (error) {
      complain(error);
    }
  }

  function check(): void {
    cancelTimer = clock.schedule(slowCheckMs, check);
    const now = stamps();
    if (now === seen) return;
    seen = now;
    // No event told of this change: whatever is watched, it is not this folder any more.
    listen();
    onChange();
  }

  listen();
  cancelTimer = clock.schedule(slowCheckMs, check);
  return () => {
    cancelTimer?.();
    watcher?.close();
    watcher = undefined;
  };
}

/** Two looks with one stamp saw the same content: a replaced file is another inode, an edited one has another time. */
function stampOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "-" : `${found.ino}:${found.mtimeNs}:${found.size}`;
}
