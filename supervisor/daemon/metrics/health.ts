import type { FleetPicture, PictureBot } from "../../control/contract/picture.ts";

/** Beyond a poll's own timeout: network, Telegram's throttle, and a report that is told every 10 s. */
const marginMs = 45_000;

/**
 * States of the receiving side in which a bot does its work without polling itself. `disabled` is none: a stranger polls
 * its token, and it receives nothing.
 */
const works: ReadonlySet<string> = new Set(["reading", "by_itself"]);

export interface Health {
  readonly ok: boolean;
  /** A sentence per bot that is not well. */
  readonly problems: readonly string[];
}

/**
 * Whether the fleet does what it is to do: every bot that should poll has completed a poll lately, the others run. A bot
 * that an operator keeps down is well. Pure.
 */
export function healthOf(fleet: FleetPicture, pollTimeoutMs: number, nowMs: number): Health {
  const problems = [
    ...(fleet.state === "running" ? [] : [`the supervisor is ${fleet.state}`]),
    ...fleet.bots.flatMap((bot) => problemOf(bot, pollTimeoutMs, nowMs) ?? []),
  ];
  return { ok: problems.length === 0, problems };
}

function problemOf(bot: PictureBot, pollTimeoutMs: number, nowMs: number): string | undefined {
  const { name, state, polling, lastPollCompletedAt } = bot;
  if (state === "down") return undefined;
  if (state !== "ready") return `${name} is ${state}`;
  if (bot.silentSince !== undefined) return `${name} does not answer`;
  if (works.has(polling.state)) return undefined;
  if (lastPollCompletedAt === undefined || lastPollCompletedAt < (bot.startedAt ?? 0))
    return `${name} has not completed a poll yet (${polling.state})`;
  const agoMs = nowMs - lastPollCompletedAt;
  if (agoMs > pollTimeoutMs + marginMs)
    return `${name} completed its last poll ${Math.round(agoMs / 1_000)} s ago (${polling.state})`;
  return undefined;
}
