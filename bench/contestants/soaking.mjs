// A bot of ours for hours on end. Its calendar runs fast (`hoursPerMinute`), so that what is kept for two days can be
// seen to go; everything that waits does so in real time.
import { mkdirSync } from "node:fs";
import { PollingAssignment } from "../../dist/shared/bot-runtime/receiving/polling-assignment.js";
import { runBot } from "../../dist/shared/bot-runtime/run-bot.js";
import { StopBudget } from "../../dist/shared/bot-runtime/stopping/stop-budget.js";
import { systemClock } from "../../dist/shared/clock.js";
import { createLog } from "../../dist/shared/logger.js";
import { ChatPaces } from "../../dist/shared/outbound/pacing/chat-paces.js";
import { PacedBudget } from "../../dist/shared/outbound/pacing/send-budget.js";
import { StopSwitch, stopOnSignals } from "../../dist/shared/stop-switch.js";
import { settingsOf } from "./settings.mjs";

const task = JSON.parse(process.argv[2] ?? "{}");
const { token, stateDir, hoursPerMinute } = task;
const fast = Math.max(1, hoursPerMinute * 60);
const startedMs = systemClock.now();
const clock = {
  ...systemClock,
  now: () => startedMs + (systemClock.now() - startedMs) * fast,
};
let handled = 0;
process.on("message", () => {
  process.send({ type: "count", handled, ...process.memoryUsage() });
});
const definition = {
  name: "main",
  description: "Soaks.",
  access: "open",
  allowedUpdates: ["message"],
  setup({ bot }) {
    bot.on("message", async (ctx) => {
      handled += 1;
      // Telegram takes some 30 a second of a bot; what is sent is paced to that.
      if (handled % 10 === 0) await ctx.reply("answer");
    });
  },
};
const settings = settingsOf(task, "warn");
mkdirSync(stateDir, { recursive: true });
const stop = new StopSwitch(systemClock);
stopOnSignals(stop, () => process.exit(1));
const onOver = () => process.exit(1);
const stopBudget = new StopBudget({ stop, stopDeadlineMs: 15_000, clock: systemClock, onOver });
await runBot({
  definition,
  tokenBots: [definition],
  equipped: { settings, token },
  stop,
  stopBudget,
  link: { supervised: false, send: () => undefined, close: () => undefined },
  assignment: new PollingAssignment(),
  budget: new PacedBudget(systemClock),
  paces: new ChatPaces(),
  onInbox: () => undefined,
  skipNamedLock: false,
  log: createLog({ label: "main", level: "warn" }),
  clock,
  random: Math.random,
});
stopBudget.close();
if (process.connected) process.disconnect();
