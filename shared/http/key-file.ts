import { randomBytes } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";

const keyPattern = /^[A-Za-z0-9_-]{43}$/;

export function newKey(): string {
  return randomBytes(32).toString("base64url");
}

/** The key to a door of ours, kept over restarts in a file of its owner alone. One that others could read is replaced. */
export async function openKey(path: string, log: Log): Promise<string> {
  const found = await readKey(path);
  if (found !== undefined && (await isPrivate(path))) return found;
  if (found !== undefined)
    log.warn("a key could be read by others; there is a new one", { file: path });
  const key = newKey();
  await writeFileAtomic(path, `${key}\n`);
  return key;
}

/** undefined where there is none, or none that is ours. */
export async function readKey(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return keyPattern.test(text) ? text : undefined;
  } catch (error) {
    if (["ENOENT", "EISDIR"].includes(systemErrorCode(error) ?? "")) return undefined;
    throw error;
  }
}

async function isPrivate(path: string): Promise<boolean> {
  const { mode, uid } = await lstat(path);
  return (mode & 0o077) === 0 && uid === (process.getuid?.() ?? uid);
}
