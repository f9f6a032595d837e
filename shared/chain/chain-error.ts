/**
 * Why a chain could not be asked:
 * - `unreachable`: no connection, a time-out, or an answer that is none; it passes
 * - `rate_limited`: asked too often; it passes
 * - `too_much`: the answer would be too large; ask for less
 * - `not_there`: a block, or the state of one, that this address does not have (yet, or any more)
 * - `refused`: the address wants another request, or another key; nothing is known of what was asked for
 * - `strange_contract`: the contract itself has answered, and not as one of its kind does; it does not pass by itself
 */
export type ChainTrouble =
  | "unreachable"
  | "rate_limited"
  | "too_much"
  | "not_there"
  | "refused"
  | "strange_contract";

/** Says which address by its host alone: the rest may hold a key. */
export class ChainError extends Error {
  readonly trouble: ChainTrouble;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(trouble: ChainTrouble, message: string, retryAfterMs?: number) {
    super(message);
    this.name = "ChainError";
    this.trouble = trouble;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether asking again later may help. */
export function passes(error: unknown): error is ChainError {
  return (
    error instanceof ChainError &&
    (error.trouble === "unreachable" || error.trouble === "rate_limited")
  );
}
