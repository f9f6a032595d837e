import type { StoredMessage } from "../queue/message-ledger.ts";
import { onTheirWayMs } from "./fence.ts";

/**
 * Whether a message was sent after a stop that came to its turn late. Told by the update ids; after a week of silence they
 * may begin anew, smaller, and then nothing is known.
 */
export function sentAfter(order: number, nowMs: number): (message: StoredMessage) => boolean {
  return ({ id, acceptedAtMs }) =>
    Number(id.split("/").at(-1)) > order && nowMs - acceptedAtMs < onTheirWayMs;
}
