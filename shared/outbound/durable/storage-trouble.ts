import { OperationError } from "../../errors.ts";
import { describeStorageTrouble } from "../../storage/trouble.ts";

/** An answer was not accepted, because it could not be written down. */
export class AnswerNotStoredError extends OperationError {}

/** Which file, why, what to do. */
export function storageTrouble(place: string, error: unknown): AnswerNotStoredError {
  return new AnswerNotStoredError(
    `Answers cannot be written down in ${place}: ${describeStorageTrouble(error)}. None is accepted meanwhile; it goes on by itself when the disk does.`,
    { cause: error },
  );
}
