import { readFileSync, type Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { ConfigurationError, systemErrorCode } from "../errors.ts";
import type { LockPaths } from "./lock-name.ts";

/** What lies at the lock's two paths, nothing followed. */
export interface LockPlace {
  readonly directory: Stats | undefined;
  readonly record: Stats | undefined;
}

/**
 * Looks at the paths of a lock and refuses what we would not have made: in a directory that all users may write to,
 * anybody may lay something at these names.
 * @throws ConfigurationError naming the path, what it is and whose
 */
export async function inspectLockPlace(paths: LockPaths): Promise<LockPlace> {
  const place = { directory: await statOf(paths.lock), record: await statOf(paths.record) };
  refuseForeign(paths.lock, place.directory, "a directory");
  refuseForeign(paths.record, place.record, "a file");
  return place;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function refuseForeign(
  path: string,
  stats: Stats | undefined,
  wanted: "a directory" | "a file",
): void {
  if (stats === undefined) return;
  const found = stats.isSymbolicLink()
    ? "a symbolic link"
    : stats.isDirectory()
      ? "a directory"
      : stats.isFile()
        ? "a file"
        : "neither file nor directory";
  const ours = process.getuid?.() ?? stats.uid;
  // A folder where the record belongs is ours to set aside, like any broken record.
  if (found === "a symbolic link" || (wanted === "a directory" && found !== wanted))
    throw new ConfigurationError(
      `The polling lock ${path} must be ${wanted} but is ${found} of user ${userName(stats.uid)}. ` +
        "Find out who made it and remove it, or set TELEGRAM_LOCK_DIR to a directory of your own.",
    );
  if (stats.uid !== ours)
    throw new ConfigurationError(
      `The polling lock ${path} belongs to user ${userName(stats.uid)}, this process runs as ${userName(ours)}. ` +
        "If that user's bots still run, stop them there; else have that user or root remove it, " +
        "or set TELEGRAM_LOCK_DIR to a directory of your own.",
    );
}

/** `1000 (alice)`; the number alone where the system does not tell. */
function userName(uid: number): string {
  try {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((entry) => entry.split(":")[2] === String(uid));
    return line === undefined ? String(uid) : `${uid} (${line.split(":")[0] ?? ""})`;
  } catch {
    return String(uid);
  }
}
