import type { BotView, FleetEvent } from "../../../supervisor/fleet/bot-view.ts";
import { Child } from "../../../supervisor/fleet/child.ts";
import { defaultRestartPolicy as policy } from "../../../supervisor/fleet/restart-policy.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { FakeBot } from "./fake-bot.ts";

/** A child of the default policy in a world that the test plays; chance is always 1: the upper end of each range. */
export class ChildRig {
  readonly bot: FakeBot;
  readonly clock = new ManualClock();
  readonly log = recordingLog("supervisor");
  readonly events: FleetEvent[] = [];
  readonly child: Child;

  constructor(bot = new FakeBot(), onEvent: (event: FleetEvent) => void = () => undefined) {
    this.bot = bot;
    this.child = new Child({
      name: "treasury",
      role: "auxiliary",
      ports: bot.ports,
      policy,
      clock: this.clock,
      random: () => 1,
      log: this.log,
      publish: (event) => {
        this.events.push(event);
        onEvent(event);
      },
    });
  }

  views(): BotView[] {
    return this.events.flatMap((event) => (event.type === "bot" ? [event.bot] : []));
  }

  announcements(): string[] {
    return this.events.flatMap((event) => (event.type === "announcement" ? [event.what] : []));
  }

  statesSeen(): string[] {
    return this.views()
      .map(({ state }) => state)
      .filter((state, index, all) => state !== all[index - 1]);
  }

  async startStable(): Promise<void> {
    this.child.start("a test");
    this.bot.becomeReady();
    await this.clock.advance(policy.stableAfterMs);
  }

  /** Lets the time pass until the next timer of the child. */
  async waitForTimer(): Promise<void> {
    await this.clock.advance(this.clock.nextTimerInMs ?? 0);
  }

  async crashUntilGivenUp(): Promise<void> {
    this.child.start("a test");
    for (let crash = 0; crash <= policy.maxCrashesInWindow; crash += 1) {
      if (this.child.view().state === "backing_off") await this.waitForTimer();
      await this.bot.exit(1);
    }
  }
}
