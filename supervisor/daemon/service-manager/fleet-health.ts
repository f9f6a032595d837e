import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { BotView } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { ServiceNotifier } from "./systemd-notify.ts";

/** States in which a bot is known to wait for something outside: the fleet is alive, and a restart would not help. */
const waitsOutside: readonly string[] = [
  "waiting_for_network",
  "rate_limited",
  "conflict",
  "auth_failed",
  "misconfigured",
];

/** Tells the service manager what the fleet proves: READY after the first completed poll, then signs of life. */
export class FleetHealth {
  private readonly notifier: ServiceNotifier;
  private readonly clock: Clock;
  private isReady = false;
  private provenAtMs = 0;
  private cancelTimer: Cancel | undefined;
  private unwatch: () => void = () => undefined;

  constructor(notifier: ServiceNotifier, clock: Clock) {
    this.notifier = notifier;
    this.clock = clock;
  }

  follow(fleet: Fleet): void {
    this.unwatch = fleet.watch((event) => {
      if (event.type === "bot") this.look(event.bot);
    });
    this.watchdog(fleet);
  }

  /** The ordered stop has begun. */
  async stopping(): Promise<void> {
    this.unwatch();
    this.cancelTimer?.();
    await this.notifier.stopping("stopping the fleet");
  }

  private look(bot: BotView): void {
    if (bot.lastPollCompletedAt === undefined || bot.lastPollCompletedAt <= this.provenAtMs) return;
    this.provenAtMs = bot.lastPollCompletedAt;
    if (this.isReady) return;
    this.isReady = true;
    void this.notifier.ready(`polling: ${bot.name}`);
  }

  private watchdog(fleet: Fleet): void {
    const everyMs = this.notifier.watchdogEveryMs;
    if (everyMs === undefined) return;
    this.cancelTimer = this.clock.schedule(everyMs, () => {
      const polled = this.clock.now() - this.provenAtMs <= 2 * everyMs;
      const waits = fleet.list().some((bot) => waitsOutside.includes(bot.polling.state));
      if (polled || waits) void this.notifier.alive();
      this.watchdog(fleet);
    });
  }
}
