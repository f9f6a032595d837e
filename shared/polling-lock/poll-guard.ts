import type { Clock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import { bindWhenFree, type KernelLock, tryBind } from "../process/kernel-lock.ts";
import { findLockHolder, type LockHolder } from "../process/lock-holder.ts";

/**
 * The right to call getUpdates for one bot, held in the kernel: whoever has it is alive, and when it is gone its
 * process has ended or given it back. It depends on no file, no clock and no setting.
 */
export type PollGuard = KernelLock;

export interface PollGuardOptions {
  readonly apiRoot: string;
  readonly botId: number;
  readonly clock?: Clock;
}

/**
 * Waits, without waking up in between, until no other process polls this bot.
 * @throws the signal's reason; ConfigurationError for an API root that is no address
 */
export async function acquirePollGuard(
  options: PollGuardOptions & { readonly signal: AbortSignal; readonly onWait?: () => void },
): Promise<PollGuard> {
  const { clock, onWait } = options;
  return bindWhenFree(guardName(options), options.signal, {
    ...(clock && { clock }),
    ...(onWait && { onWait }),
  });
}

/** @returns undefined while another process (or this one) polls this bot */
export async function tryPollGuard(options: PollGuardOptions): Promise<PollGuard | undefined> {
  return tryBind(guardName(options), options.clock ? { clock: options.clock } : {});
}

/**
 * Whose guard it is, as far as this user may see it: undefined where nobody has it, or somebody who is hidden from us.
 * Linux only.
 */
export function findPollGuardHolder(options: PollGuardOptions): LockHolder | undefined {
  return findLockHolder(guardName(options));
}

function guardName({ apiRoot, botId }: PollGuardOptions): string {
  return `poll guard ${normalizeApiRoot(apiRoot)} ${botId}`;
}

/** One spelling for one server, so that two ways to write it are never two rights to poll. */
export function normalizeApiRoot(apiRoot: string): string {
  if (!URL.canParse(apiRoot))
    throw new ConfigurationError(
      `"${apiRoot}" is no address of a Bot API server. Set TELEGRAM_API_ROOT to one such as https://api.telegram.org`,
    );
  const { protocol, hostname, port, pathname } = new URL(apiRoot);
  const loopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  const effectivePort = port || (protocol === "https:" ? "443" : "80");
  return `${loopback ? "127.0.0.1" : hostname}:${effectivePort}${pathname.replace(/\/+$/, "")}`;
}
