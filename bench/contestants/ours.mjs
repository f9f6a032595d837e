// A whole bot process of ours, as a supervisor starts one: lock, guard, log on the disk, cursor, lanes.
import { runBotProcess } from "../../dist/shared/bot-runtime/bot-process.js";
import { buildBot } from "../../dist/shared/bot-runtime/sending/telegram-bot.js";
import { systemClock } from "../../dist/shared/clock.js";
import { StopSwitch } from "../../dist/shared/stop-switch.js";
import { readTask } from "./meter.mjs";
import { settingsOf } from "./settings.mjs";

const task = readTask();
const { token, apiRoot, handle, concurrency } = task;
// What a bot of ours sends is paced to what Telegram takes; the others send as fast as they can. Measured is the way of
// an update, so sends take the transport itself.
const { api } = buildBot({ settings: { name: "main", apiRoot }, token }, false).bot;
const definition = {
  name: "main",
  description: "Measured.",
  access: "open",
  allowedUpdates: ["message"],
  ...(concurrency === undefined ? {} : { conversationsAtOnce: concurrency }),
  setup({ bot }) {
    bot.on("message", (ctx) =>
      handle(ctx.message.text, () => api.sendMessage({ chat_id: ctx.chat.id, text: "answer" })),
    );
  },
};
const settings = settingsOf(task, "error");
const equipped = { settings, token };
const program = { definition, tokenBots: [definition], equipped, skipNamedLock: true };
process.exitCode = await runBotProcess(program, new StopSwitch(systemClock));
