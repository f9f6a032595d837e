import { errorMessage, systemErrorCode } from "../errors.ts";

const words: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "the disk quota is used up; free some space",
  EROFS: "the file system is read-only; remount it writable",
  EACCES: "permission is denied; give this user the folder",
  EPERM: "permission is denied; give this user the folder",
  EIO: "the disk reports an input/output error; check it",
  EMFILE: "this process has too many open files; raise the limit",
  ENFILE: "the system has too many open files",
};

/** Why a disk refused and what helps, in words, with the system's code behind them. */
export function describeStorageTrouble(error: unknown): string {
  const code = systemErrorCode(error);
  const why = (code === undefined ? undefined : words[code]) ?? errorMessage(error);
  return `${why}${code === undefined ? "" : ` (${code})`}`;
}
