import { OperationError } from "../../../../shared/errors.ts";

const longestName = 32;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

/**
 * A name that a person gave, trimmed. Folders are named by id, so that no name can lead out of the sessions root.
 * @throws OperationError saying what a name may be
 */
export function checkSessionName(text: string): string {
  const name = text.trim().normalize("NFC");
  if (name === "" || name.length > longestName || !namePattern.test(name)) {
    throw new OperationError(
      `A session's name has 1 to ${longestName} letters, digits, dots, dashes and underscores, and begins with a letter or a digit.`,
    );
  }
  return name;
}
