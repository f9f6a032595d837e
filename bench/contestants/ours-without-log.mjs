// Our poller, lanes and transport with nothing between them: what the durable log costs is the difference to ours.mjs.
import { buildBot } from "../../dist/shared/bot-runtime/sending/telegram-bot.js";
import { systemClock } from "../../dist/shared/clock.js";
import { Lanes } from "../../dist/shared/dispatch/lanes.js";
import { pollLimits } from "../../dist/shared/intake/polling/poll-limits.js";
import { runPoller } from "../../dist/shared/intake/polling/poller.js";
import { createLog } from "../../dist/shared/logger.js";
import { conversationOf } from "../../dist/shared/telegram/conversation.js";
import { createPollingApi } from "../../dist/shared/telegram/polling-api.js";
import { readTask } from "./meter.mjs";

const { token, apiRoot, handle } = readTask();
const { bot } = buildBot({ settings: { name: "main", apiRoot }, token }, false);
bot.on("message", (ctx) => handle(ctx.message.text, () => ctx.reply("answer")));
const lanes = new Lanes(systemClock);
let next;
const sink = {
  nextOffset: () => next,
  async append(updates) {
    for (const update of updates) {
      next = update.update_id + 1;
      const run = async () => {
        await bot.handleUpdate(update);
      };
      lanes.put({ key: conversationOf(update).key, run }, "ordinary");
    }
  },
};
const { api, rotate } = createPollingApi(token, apiRoot);
await runPoller(
  {
    botId: Number(token.split(":")[0]),
    api,
    rotateConnection: rotate,
    sink,
    allowedUpdates: () => ["message"],
    pollTimeoutSeconds: 30,
    webhookPolicy: "delete",
    ownsToken: () => true,
    clock: systemClock,
    random: Math.random,
    log: createLog({ label: "main", level: "error" }),
    limits: pollLimits,
    onState: () => undefined,
    onReady: () => undefined,
    onPollCompleted: () => undefined,
    onError: () => undefined,
    onStalled: () => undefined,
  },
  new AbortController().signal,
);
