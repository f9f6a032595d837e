import { ParseError, type Update } from "../../telegram/bot-api.ts";

export interface ReceivedBatch {
  readonly updates: readonly Update[];
  /** Elements that are no updates; they are left out. */
  readonly malformed: number;
}

/**
 * What getUpdates answered, looked at before anybody trusts it. Bad elements never keep back the good ones.
 * @throws ParseError when there is no list, or a list with nothing usable in it: it would come again at once, for ever
 */
export function readBatch(answer: unknown): ReceivedBatch {
  if (!Array.isArray(answer)) throw new ParseError("getUpdates answered without a list");
  const elements: readonly unknown[] = answer;
  const updates = elements.filter(isUpdate);
  if (updates.length === 0 && elements.length > 0) {
    throw new ParseError(`getUpdates answered with ${elements.length} elements and no update`);
  }
  return { updates, malformed: elements.length - updates.length };
}

function isUpdate(element: unknown): element is Update {
  return (
    typeof element === "object" &&
    element !== null &&
    "update_id" in element &&
    Number.isSafeInteger(element.update_id)
  );
}
