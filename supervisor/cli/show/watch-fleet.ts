import type { Clock } from "../../../shared/clock.ts";
import { followFleet } from "../../control/client.ts";
import type { Change, FleetPicture } from "../../control/contract/picture.ts";
import { runningFleet } from "./running-fleet.ts";

export interface WatchFleetOptions {
  readonly stateDir: string;
  readonly clock: Clock;
  /** Every change as a line of JSON instead of a table. */
  readonly json: boolean;
  readonly show: (fleet: FleetPicture) => string;
  readonly terminal: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Ages and countdowns move on although nothing changes. */
const redrawMs = 1_000;
const changesTogetherMs = 100;

/**
 * Shows the fleet again with every change, until the supervisor ends.
 * @throws OperationError where none runs
 */
export async function watchFleet(options: WatchFleetOptions): Promise<void> {
  const { stateDir, clock, json, show, terminal } = options;
  // Says what to do where none runs.
  await runningFleet(stateDir);
  const ended = new AbortController();
  let fleet: FleetPicture | undefined;
  let shown = "";
  const draw = (): void => {
    if (fleet === undefined) return;
    const text = show(fleet);
    if (terminal.isTTY === true) terminal.write(`\u001B[2J\u001B[H${text}\n`);
    // A pipe keeps every table; a moved clock alone is none.
    else if (text.replaceAll(/\d+/g, "") !== shown) terminal.write(`${text}\n\n`);
    shown = text.replaceAll(/\d+/g, "");
  };
  let cancel = clock.schedule(redrawMs, () => undefined);
  const drawIn = (ms: number): void => {
    cancel();
    cancel = clock.schedule(ms, () => {
      draw();
      if (!ended.signal.aborted) drawIn(redrawMs);
    });
  };
  try {
    for await (const change of followFleet(stateDir, ended.signal)) {
      if (json) {
        terminal.write(`${JSON.stringify(change)}\n`);
        continue;
      }
      fleet = applyChange(fleet, change);
      drawIn(change.type === "snapshot" ? 0 : changesTogetherMs);
    }
  } finally {
    ended.abort();
    cancel();
  }
  if (!json) terminal.write("The supervisor has ended.\n");
}

/** The picture after a change. Pure. */
export function applyChange(
  fleet: FleetPicture | undefined,
  change: Change,
): FleetPicture | undefined {
  if (change.type === "snapshot") return change.fleet;
  if (fleet === undefined) return undefined;
  switch (change.type) {
    case "bot": {
      const isKnown = fleet.bots.some(({ name }) => name === change.bot.name);
      const bots = isKnown
        ? fleet.bots.map((bot) => (bot.name === change.bot.name ? change.bot : bot))
        : [...fleet.bots, change.bot];
      return { ...fleet, bots };
    }
    case "removed":
      return { ...fleet, bots: fleet.bots.filter(({ name }) => name !== change.name) };
    case "usage": {
      const bots = fleet.bots.map((bot) => {
        const usage = change.bots[bot.name];
        return usage === undefined ? bot : { ...bot, usage };
      });
      return {
        ...fleet,
        bots,
        ...(change.supervisor === undefined ? {} : { usage: change.supervisor }),
      };
    }
    case "state":
      return { ...fleet, state: change.state };
    case "news":
      break;
  }
  return fleet;
}
