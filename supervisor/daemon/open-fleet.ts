import { createFleet, type Fleet } from "../fleet/fleet.ts";
import type { BotMaker } from "./bot-maker.ts";
import type { PollingHandover } from "./handover/polling-handover.ts";
import { restartPolicyOf } from "./restart-limits.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** The fleet of a configuration, nothing started yet. */
export function openFleet(
  { config, clock, stop, log }: ConnectedSupervision,
  handover: PollingHandover,
  maker: BotMaker,
): Fleet {
  return createFleet({
    bots: config.bots.map(({ name }) => maker.make(name)),
    policy: restartPolicyOf(config.restart),
    clock,
    random: Math.random,
    log,
    onMainGone: (reason) => {
      if (!stop.signal.aborted) handover.mainIsGone(reason);
    },
  });
}
