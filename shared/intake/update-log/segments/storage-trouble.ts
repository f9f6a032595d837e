import { errorMessage, systemErrorCode } from "../../../errors.ts";
import { SinkUnavailableError } from "../../update-sink.ts";

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

/** What an operator reads while updates cannot be stored: which folder, why, what to do, and that nothing is lost. */
export function storageTrouble(place: string, error: unknown): SinkUnavailableError {
  const code = systemErrorCode(error);
  const why = (code === undefined ? undefined : words[code]) ?? errorMessage(error);
  return new SinkUnavailableError(
    `Updates cannot be stored in ${place}: ${why}${code === undefined ? "" : ` (${code})`}. Nothing is confirmed to Telegram meanwhile; it goes on by itself when the disk does.`,
    { cause: error },
  );
}
