import { LockHeldError, TokenRefusedError } from "../../errors.ts";
import { LeaseHeldError } from "../../lifecycle/listener-errors.ts";
import type { StopCause } from "../../stop-switch.ts";

/** What an error that ends a bot is called in its history. */
export function causeOf(error: unknown): StopCause {
  if (error instanceof LockHeldError || error instanceof LeaseHeldError) return "lock_held";
  return error instanceof TokenRefusedError ? "token_refused" : "failed";
}
