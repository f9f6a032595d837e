import type { Clock } from "../../shared/clock.ts";
import {
  followDesiredState,
  rememberStopped,
  type StoppedBots,
} from "../../shared/lifecycle/desired-state.ts";
import type { Log } from "../../shared/logger.ts";
import type { Fleet } from "../fleet/fleet.ts";

export interface DesiredBotsOptions {
  readonly stateDir: string;
  /** The bots of the fleet as it is now. */
  readonly names: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/** What operators want of the bots, kept in desired.yaml: read at the start, followed while the fleet runs. */
export class DesiredBots {
  private readonly options: DesiredBotsOptions;
  private readonly endFollowing: () => void;
  private stopped: StoppedBots;
  private fleet: Fleet | undefined;
  private unwatch: () => void = () => undefined;

  private constructor(options: DesiredBotsOptions, stopped: StoppedBots, endFollowing: () => void) {
    this.options = options;
    this.stopped = stopped;
    this.endFollowing = endFollowing;
  }

  /** @throws ConfigurationError for a damaged file: without it, closed bots would start */
  static async open(options: DesiredBotsOptions): Promise<DesiredBots> {
    let opened: DesiredBots | undefined;
    const { bots, end } = await followDesiredState({
      ...options,
      onChange: (changed) => {
        opened?.apply(changed);
      },
    });
    opened = new DesiredBots(options, bots, end);
    opened.nameStopped();
    return opened;
  }

  isStopped(name: string): boolean {
    return this.stopped.has(name);
  }

  /** From now on the fleet does what the file says, and the file learns what was closed. */
  follow(fleet: Fleet): void {
    this.fleet = fleet;
    this.unwatch = fleet.watch((event) => {
      if (event.type === "closed") void this.rememberClosed(event.name);
    });
    // Nothing of them runs; it is for who asks why.
    for (const { name } of fleet.list()) {
      const stopped = this.stopped.get(name);
      if (stopped !== undefined) void fleet.stopBot(name, `${stopped.by} at ${stopped.since}`);
    }
  }

  end(): void {
    this.unwatch();
    this.endFollowing();
  }

  private apply(changed: StoppedBots): void {
    const { names, log } = this.options;
    const before = this.stopped;
    this.stopped = changed;
    for (const name of names()) {
      if (changed.has(name) === before.has(name)) continue;
      if (changed.has(name)) {
        void this.fleet
          ?.stopBot(name, changed.get(name)?.by ?? "an operator")
          .catch((error: unknown) => {
            log.error(`${name} could not be stopped`, { error });
          });
      } else this.startAgain(name);
    }
  }

  private startAgain(name: string): void {
    try {
      this.fleet?.startBot(name, "an operator");
    } catch (error) {
      this.options.log.warn(`${name} was not started`, { error });
    }
  }

  private async rememberClosed(name: string): Promise<void> {
    const { stateDir, clock, log } = this.options;
    const since = new Date(clock.now()).toISOString();
    try {
      await rememberStopped(
        stateDir,
        name,
        { since, by: "its lifecycle files", how: "close" },
        clock,
      );
    } catch (error) {
      log.error(
        `${name} was closed, but that could not be remembered; it starts again with the next supervisor`,
        { error },
      );
    }
  }

  private nameStopped(): void {
    for (const name of this.options.names()) {
      const stopped = this.stopped.get(name);
      if (stopped === undefined) continue;
      this.options.log.warn(
        `${name} stays down: ${stopped.how === "close" ? "closed" : "stopped"} by ${stopped.by} at ${stopped.since}. Start it with: npx tg-supervisor start ${name}`,
      );
    }
  }
}
