import { OperationError } from "../../errors.ts";
import type { Entry } from "../queue/entry.ts";
import type { Outcome, Receipt } from "../queue/item.ts";

/** The outbox does not take answers any more; the bot stops. */
export class OutboxClosedError extends OperationError {
  constructor() {
    super("The answer was not accepted: this bot is stopping. Ask again when it runs.");
  }
}

/** So many calls, or deletions, wait already that no more are taken. */
export class OutboxFullError extends OperationError {
  constructor(kind: "call" | "deletion") {
    super(
      `Too many ${kind}s wait for Telegram; this one was not taken. Wait until earlier ones have ended.`,
    );
  }
}

/** Of an item that waits. */
export function receiptOf(entry: Entry): Receipt {
  return { accepted: Promise.resolve("accepted"), outcome: outcomeOf(entry) };
}

export function outcomeOf(entry: Entry): Promise<Outcome> {
  return new Promise((resolve) => {
    entry.onEnd(resolve);
  });
}

/** Of progress that was not taken. */
export function dropped(
  reason: "full" | "superseded" | "cancelled" | "blocked" | "closed",
): Receipt {
  return {
    accepted: Promise.resolve("dropped"),
    outcome: Promise.resolve({ state: "dropped", reason }),
  };
}

/** Of what its producer must know was not taken. */
export function refused(why: Error): Receipt {
  const accepted = Promise.reject(why);
  // Who does not wait for it still gets the outcome.
  accepted.catch(() => undefined);
  const outcome = { state: "failed", reason: why.message, error: why } as const;
  return { accepted, outcome: Promise.resolve(outcome) };
}
