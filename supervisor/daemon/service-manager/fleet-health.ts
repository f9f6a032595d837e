import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { BotView } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { ServiceNotifier } from "./systemd-notify.ts";

type WatchedFleet = Pick<Fleet, "list" | "watch">;

/** States on the way to polling; once no bot is in one, the fleet is as ready as it will be. */
const onTheWay: readonly string[] = [
  "starting",
  "waiting_for_lock",
  "waiting_for_guard",
  "connecting",
  "waiting_for_network",
];

/**
 * Tells the service manager what the fleet proves: READY after the first completed poll (or when nothing wants to poll),
 * then signs of life, as long as every bot that says it polls has completed a poll lately.
 */
export class FleetHealth {
  private readonly notifier: ServiceNotifier;
  private readonly clock: Clock;
  private isReady = false;
  /** Before, a bot that is down is one that has not been started yet. */
  private isStarted = false;
  private cancelTimer: Cancel | undefined;
  private unwatch: () => void = () => undefined;

  constructor(notifier: ServiceNotifier, clock: Clock) {
    this.notifier = notifier;
    this.clock = clock;
  }

  follow(fleet: WatchedFleet): void {
    this.unwatch = fleet.watch((event) => {
      if (event.type === "bot") this.look(event.bot, fleet);
    });
    this.watchdog(fleet);
  }

  /** Every bot that is not to stay down was started. */
  allStarted(fleet: WatchedFleet): void {
    this.isStarted = true;
    this.lookForNothing(fleet);
  }

  /** The ordered stop has begun. */
  async stopping(): Promise<void> {
    this.unwatch();
    this.cancelTimer?.();
    await this.notifier.stopping("stopping the fleet");
  }

  private look(bot: BotView, fleet: WatchedFleet): void {
    if (bot.lastPollCompletedAt !== undefined) this.becomeReady(`polling: ${bot.name}`);
    else this.lookForNothing(fleet);
  }

  private lookForNothing(fleet: WatchedFleet): void {
    if (this.isStarted && fleet.list().every(isSettled)) this.becomeReady("nothing to poll");
  }

  private becomeReady(status: string): void {
    if (this.isReady) return;
    this.isReady = true;
    void this.notifier.ready(status);
  }

  private watchdog(fleet: WatchedFleet): void {
    const everyMs = this.notifier.watchdogEveryMs;
    if (everyMs === undefined) return;
    this.cancelTimer = this.clock.schedule(everyMs, () => {
      const silentSince = this.clock.now() - 2 * everyMs;
      const deaf = fleet
        .list()
        .some(
          (bot) =>
            bot.polling.state === "polling" && (bot.lastPollCompletedAt ?? bot.since) < silentSince,
        );
      if (!deaf) void this.notifier.alive();
      this.watchdog(fleet);
    });
  }
}

function isSettled({ state, polling }: BotView): boolean {
  if (state === "down" || state === "given_up") return true;
  return state === "ready" && !onTheWay.includes(polling.state);
}
