import { type ExitCode, exitCode } from "./exit-code.ts";

/**
 * An error that a person can act on: the message tells what, which thing, and what to do next.
 * Everything else that is thrown is unexpected and keeps its stack in the log.
 */
export abstract class OperatorError extends Error {
  abstract readonly exitCode: ExitCode;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The command line is wrong. */
export class UsageError extends OperatorError {
  readonly exitCode = exitCode.usage;
}

/** fleet.yaml, the environment or a state file cannot be used as it is. */
export class ConfigurationError extends OperatorError {
  readonly exitCode = exitCode.configuration;
}

/** Somebody else answers for polling this token. */
export class LockHeldError extends OperatorError {
  readonly exitCode = exitCode.lockHeld;
}

/** Telegram refused the token (401, or 404 on getMe). */
export class TokenRefusedError extends OperatorError {
  readonly exitCode = exitCode.tokenRefused;
}

/** A command could not do what it was asked, for a reason outside the program. */
export class OperationError extends OperatorError {
  readonly exitCode = exitCode.unexpected;
}

export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error (`ENOENT`, `ECONNRESET`, ...), looked for along the causes. */
export function systemErrorCode(thrown: unknown): string | undefined {
  let current = thrown;
  // Causes may be circular; no honest chain is longer.
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if ("code" in current && typeof current.code === "string") return current.code;
    current = current.cause;
  }
  return undefined;
}

const storageCodes: ReadonlySet<string> = new Set([
  "EACCES",
  "EDQUOT",
  "EIO",
  // A folder stands where a file of ours should be.
  "EISDIR",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "EPERM",
  "EROFS",
  "ESTALE",
]);

/** Whether a disk (or the right to use it) is what failed: it may be better in a while, and a person can help. */
export function isStorageTrouble(thrown: unknown): boolean {
  return storageCodes.has(systemErrorCode(thrown) ?? "");
}
