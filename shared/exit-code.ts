/**
 * What the end of a process says to whoever started it (sysexits.h where it has a fitting number).
 * The supervisor's answers stand in `supervisor/fleet/restart-policy.ts`.
 */
export const exitCode = {
  clean: 0,
  unexpected: 1,
  usage: 64,
  /** Telegram refused the token at the start. */
  tokenRefused: 69,
  /** The polling lock (or the lease) is held: try later. */
  lockHeld: 75,
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
