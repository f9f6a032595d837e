import { lstat, mkdir, open, rename, rm, rmdir } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { systemErrorCode } from "../errors.ts";

/**
 * Moves a broken file (or folder) out of the way as `<name>.broken-<ISO time>-<n>` and returns that path, so that
 * what was in it can still be looked at. Nothing is ever overwritten.
 * @throws the system's error; `ENOENT` when there is nothing (any more) to move
 */
export async function setAside(path: string, clock: Clock): Promise<string> {
  // Colons are not allowed in file names everywhere.
  const time = new Date(clock.now()).toISOString().replaceAll(":", "-");
  const isFolder = (await lstat(path)).isDirectory();
  for (let number = 1; ; number += 1) {
    const target = `${path}.broken-${time}-${number}`;
    if (!(await reserve(target, isFolder))) continue;
    try {
      await rename(path, target);
      return target;
    } catch (error) {
      await (isFolder ? rmdir(target) : rm(target));
      throw error;
    }
  }
}

/**
 * Takes the target's name with something empty of our own, which the rename then replaces in one step. (A link and
 * an unlink would not overwrite either, but could delete a good file written between the two.)
 */
async function reserve(target: string, isFolder: boolean): Promise<boolean> {
  try {
    if (isFolder) await mkdir(target, { mode: 0o700 });
    else await (await open(target, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw error;
  }
}
