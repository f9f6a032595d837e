// A bot of ours for hours on end. Its calendar runs fast (`hoursPerMinute`), so that what is kept for two days can be
// seen to go; everything that waits does so in real time.
import { mkdirSync } from "node:fs";
import { PollingAssignment } from "../../dist/shared/bot-runtime/receiving/polling-assignment.js";
import { runBot } from "../../dist/shared/bot-runtime/run-bot.js";
import { systemClock } from "../../dist/shared/clock.js";
import { createLog } from "../../dist/shared/logger.js";
import { PacedBudget } from "../../dist/shared/outbound/pacing/send-budget.js";
import { StopSwitch, stopOnSignals } from "../../dist/shared/stop-switch.js";

const { token, apiRoot, stateDir, hoursPerMinute } = JSON.parse(process.argv[2] ?? "{}");
const fast = Math.max(1, hoursPerMinute * 60);
const startedMs = systemClock.now();
const clock = {
  ...systemClock,
  now: () => startedMs + (systemClock.now() - startedMs) * fast,
  monotonic: () => systemClock.monotonic() * fast,
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
const botId = Number(token.split(":")[0]);
const settings = {
  name: "main",
  role: "main",
  botId,
  mainBotId: botId,
  tokenBots: ["main"],
  apiRoot,
  stateDir,
  lockDir: stateDir,
  logLevel: "warn",
  webhook: "delete",
  pollTimeoutSeconds: 30,
  allowedUsers: [],
  allowedChats: [],
  sandbox: false,
  answers: { maxRichLength: 8_000, numbering: false, maxParts: 10 },
  options: {},
};
mkdirSync(stateDir, { recursive: true });
const stop = new StopSwitch(systemClock);
stopOnSignals(stop, () => process.exit(1));
await runBot({
  definition,
  tokenBots: [definition],
  equipped: { settings, token },
  stop,
  link: { supervised: false, send: () => undefined, close: () => undefined },
  assignment: new PollingAssignment(),
  budget: new PacedBudget(systemClock),
  onInbox: () => undefined,
  skipNamedLock: false,
  log: createLog({ label: "main", level: "warn" }),
  clock,
  random: Math.random,
});
if (process.connected) process.disconnect();
