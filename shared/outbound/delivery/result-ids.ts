import { isFields } from "../../fields.ts";

/** Ids of the messages that a call made: of one message, of an album, of copies. */
export function messageIdsOf(result: unknown): number[] {
  return (Array.isArray(result) ? result : [result]).flatMap((each: unknown) => {
    const id = isFields(each) ? each["message_id"] : undefined;
    return typeof id === "number" ? [id] : [];
  });
}
