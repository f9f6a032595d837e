import type { Clock } from "../../../shared/clock.ts";
import type { BotStatus } from "../../../shared/contract/fleet-status.ts";
import type { Log } from "../../../shared/logger.ts";
import { describeHolder, readHolder } from "../../../shared/polling-lock/holder-record.ts";
import { findLockPaths, lockName } from "../../../shared/polling-lock/lock-name.ts";
import { findPollGuardHolder } from "../../../shared/polling-lock/poll-guard.ts";
import { judge } from "../../../shared/process/identity.ts";
import { findMarked, readMarkedVariable } from "../../../shared/process/marker.ts";
import type { PictureBot } from "../../control/contract/picture.ts";

export interface RivalDeps {
  readonly lockDir: string;
  readonly apiRoot: string;
  readonly mainBotId: number;
  readonly pollTimeoutSeconds: number;
  /** Of this fleet: its processes are no rivals. */
  readonly fleet: string;
  readonly ownPids: readonly number[];
  readonly clock: Clock;
  readonly log: Log;
}

export type Rival = NonNullable<PictureBot["rival"]>;

/** Telegram may hold the parked poll of a process that was killed a little longer than its own timeout. */
const lingerMarginMs = 5_000;

/**
 * Who else takes the updates of a bot's token, by what can be seen from here, and what is being done about it; undefined
 * where nobody does. Only looks.
 */
export async function findRival(bot: BotStatus, deps: RivalDeps): Promise<Rival | undefined> {
  const { state, reason } = bot.polling;
  if (bot.botId === undefined) return undefined;
  if (state === "misconfigured" && /webhook/i.test(reason ?? "")) {
    return {
      who: "a webhook takes the updates",
      doing:
        "it is looked at every minute and polling goes on when it is gone; remove it with: npm run delete-webhook",
    };
  }
  if (state === "waiting_for_guard") return guardHolder(bot.botId, deps);
  if (state !== "conflict") return undefined;
  const near = (await recordedHolder(bot.botId, deps)) ?? otherFleet(bot.botId, deps);
  const paused = "we go on, with pauses of 5 to 60 s and a new connection each time";
  if (near !== undefined) return { who: near, doing: `${paused}; stop one of the two` };
  const lingersMs = deps.pollTimeoutSeconds * 1_000 + lingerMarginMs;
  const startedAgoMs = deps.clock.now() - (bot.startedAt ?? 0);
  if (bot.restarts > 0 && startedAgoMs < lingersMs) {
    return {
      who: "most likely our own last poll from before the restart, which Telegram still holds",
      doing: `it ends by itself within ${Math.ceil((lingersMs - startedAgoMs) / 1_000)} s`,
    };
  }
  return {
    who: "a process elsewhere: on this machine nobody else polls this token",
    doing: `${paused}; updates that the other one takes do not come here. Look for an old server, a laptop, a hosting panel, or revoke the token with @BotFather`,
  };
}

function guardHolder(botId: number, { apiRoot }: RivalDeps): Rival {
  const holder = findPollGuardHolder({ apiRoot, botId });
  return {
    who:
      holder === undefined
        ? "a process of this machine that is hidden from this user"
        : `another process of ours, pid ${holder.pid} (${holder.command})`,
    doing: "polling begins the moment it ends",
  };
}

/** A fleet or bot that shares our lock directory but not our kernel locks: another container. */
async function recordedHolder(
  botId: number,
  { lockDir, mainBotId, ownPids, clock, log }: RivalDeps,
): Promise<string | undefined> {
  const { record } = await findLockPaths(lockDir, lockName(botId, mainBotId));
  const file = await readHolder(record, log, clock);
  if (file.kind !== "read" || file.value.botId !== botId) return undefined;
  const { identity } = file.value;
  const isOurs = judge(identity) === "alive" && ownPids.includes(identity.pid);
  if (isOurs || judge(identity) === "dead") return undefined;
  return `another process of ours: ${describeHolder(file.value)}`;
}

/** A bot of another state directory, told by the mark that all our processes carry. */
function otherFleet(botId: number, { fleet }: RivalDeps): string | undefined {
  const others = findMarked((mark) => mark.fleet !== fleet);
  const found = others.find((each) =>
    readMarkedVariable(each, "TG_BOT_SETTINGS")?.includes(`"botId":${botId},`),
  );
  if (found === undefined) return undefined;
  return `another fleet of this machine: ${found.mark.bot}, pid ${found.identity.pid}, of the supervisor with pid ${found.mark.owner.pid}`;
}
