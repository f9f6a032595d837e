import { randomBytes } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { systemErrorCode } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** The key of the fleet's page, kept over restarts. One that others could read is replaced. */
export async function openPageToken(path: string, log: Log): Promise<string> {
  const found = await readPageToken(path);
  if (found !== undefined && (await isPrivate(path))) return found;
  if (found !== undefined)
    log.warn("the key of the fleet's page could be read by others; there is a new one", {
      file: path,
    });
  const token = randomBytes(32).toString("base64url");
  await writeFileAtomic(path, `${token}\n`);
  return token;
}

/** undefined where there is none, or none that is ours. */
export async function readPageToken(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return tokenPattern.test(text) ? text : undefined;
  } catch (error) {
    if (["ENOENT", "EISDIR"].includes(systemErrorCode(error) ?? "")) return undefined;
    throw error;
  }
}

async function isPrivate(path: string): Promise<boolean> {
  const { mode, uid } = await lstat(path);
  return (mode & 0o077) === 0 && uid === (process.getuid?.() ?? uid);
}
