import { expect, it } from "vitest";
import { FleetHealth } from "../../../../supervisor/daemon/service-manager/fleet-health.ts";
import type { BotView, FleetEvent } from "../../../../supervisor/fleet/bot-view.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { botView } from "../bot-view.ts";

function rig(...bots: BotView[]) {
  const told: string[] = [];
  const watchers = new Set<(event: FleetEvent) => void>();
  const fleet = {
    list: () => bots,
    watch(watcher: (event: FleetEvent) => void) {
      watchers.add(watcher);
      for (const bot of bots) watcher({ type: "bot", bot });
      return () => watchers.delete(watcher);
    },
  };
  const tell = (text: string) => {
    told.push(text);
    return Promise.resolve();
  };
  const notifier = {
    watchdogEveryMs: undefined,
    ready: tell,
    status: tell,
    stopping: tell,
    alive: () => Promise.resolve(),
  };
  const health = new FleetHealth(notifier, new ManualClock());
  health.follow(fleet);
  const change = (bot: BotView) => {
    bots[bots.findIndex(({ name }) => name === bot.name)] = bot;
    for (const watcher of watchers) watcher({ type: "bot", bot });
  };
  return { told, fleet, health, change };
}

it("bots that are down because none was started yet do not make it ready", () => {
  const { told } = rig(botView("main", { state: "down" }));
  expect(told).toEqual([]);
});

it("a fleet is ready when a poll is completed", () => {
  const { told, change } = rig(botView("main", { state: "down" }));
  change({ ...botView("main"), lastPollCompletedAt: 1 });
  expect(told).toEqual(["polling: main"]);
});

it("a fleet whose bots are all to stay down is ready when the start is over", () => {
  const { told, fleet, health } = rig(botView("main", { state: "down" }));
  health.allStarted(fleet);
  expect(told).toEqual(["nothing to poll"]);
});

it("a bot on its way to polling is waited for, and one that gave up is not", () => {
  const { told, fleet, health, change } = rig(
    botView("main", { state: "starting" }),
    botView("treasury"),
  );
  health.allStarted(fleet);
  expect(told).toEqual([]);
  change(botView("main", { state: "given_up" }));
  expect(told).toEqual(["nothing to poll"]);
});
