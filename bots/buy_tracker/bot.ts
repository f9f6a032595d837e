import { defineBot } from "../../shared/bot-runtime/define-bot.ts";
import { describeStatus } from "../../shared/bot-runtime/runtime-status.ts";
import { systemClock } from "../../shared/clock.ts";
import { markdownText } from "../../shared/outbound/render/markdown/markdown-text.ts";
import { chainState } from "./commands/overview.ts";
import { recent } from "./commands/recent.ts";
import { threshold } from "./commands/threshold.ts";
import { unwatch } from "./commands/unwatch.ts";
import { watch } from "./commands/watch.ts";
import { pressWatchButton } from "./commands/watch-buttons.ts";
import { openTracker } from "./open-tracker.ts";
import { readTrackerOptions } from "./options.ts";

export const buyTracker = defineBot({
  name: "buy_tracker",
  description: "Buy tracker: tells of buys in the pools that are watched here.",
  access: "allowlist",
  allowedUpdates: ["message", "callback_query", "my_chat_member"],
  commands: [
    { command: "watch", description: "Tell of buys in a pool here" },
    { command: "unwatch", description: "Stop telling of a pool here" },
    { command: "threshold", description: "The smallest buy that is told here" },
    { command: "recent", description: "The newest buys" },
    { command: "tracker", description: "How the chain is followed" },
  ],
  check: ({ config }) => void readTrackerOptions(config),
  async setup(context) {
    const tracker = await openTracker(context);
    const { desk } = tracker;
    const { bot, status } = context;
    const { answer } = desk;
    bot.command("watch", watch(desk));
    bot.on("callback_query", pressWatchButton(desk));
    bot.command("unwatch", unwatch(desk));
    bot.command("threshold", threshold(desk));
    bot.command("recent", recent(desk));
    bot.command("tracker", (ctx) => answer(ctx, chainState(desk)));
    // On a token of its own the bot's /status tells of the chain, too.
    bot.command("status", async (ctx) => {
      const lines = describeStatus(status(), systemClock.now()).split("\n").map(markdownText);
      await answer(ctx, `${lines.join("\\\n")}\n\n${chainState(desk)}`);
    });
    tracker.run();
  },
});
