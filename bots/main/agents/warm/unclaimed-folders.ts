import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../../../../shared/errors.ts";

/**
 * Removes the folders of agents that were prepared for nobody by a life that was killed. Only empty ones: whatever somebody
 * put into one stays.
 * @param mayBe whether a name is of the form of a prepared agent's folder, and of no session
 * @returns how many were removed
 * @throws the system's error
 */
export async function removeUnclaimed(
  root: string,
  mayBe: (name: string) => boolean,
): Promise<number> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  });
  let removed = 0;
  for (const entry of entries) {
    if (!entry.isDirectory() || !mayBe(entry.name)) continue;
    if (await removeEmpty(join(root, entry.name))) removed += 1;
  }
  return removed;
}

/** @returns false where something is in it, or it is not ours to remove */
async function removeEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch {
    return false;
  }
}
