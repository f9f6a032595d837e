import { errorMessage, OperationError, systemErrorCode } from "../../errors.ts";

/** An answer was not accepted, because it could not be written down. */
export class AnswerNotStoredError extends OperationError {}

const words: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "the disk quota is used up; free some space",
  EROFS: "the file system is read-only; remount it writable",
  EACCES: "permission is denied; give this user the folder",
  EPERM: "permission is denied; give this user the folder",
  EIO: "the disk reports an input/output error; check it",
};

/** Which file, why, what to do. */
export function storageTrouble(place: string, error: unknown): AnswerNotStoredError {
  const code = systemErrorCode(error);
  const why = (code === undefined ? undefined : words[code]) ?? errorMessage(error);
  return new AnswerNotStoredError(
    `Answers cannot be written down in ${place}: ${why}${code === undefined ? "" : ` (${code})`}. None is accepted meanwhile; it goes on by itself when the disk does.`,
    { cause: error },
  );
}
