import { Bot } from "node-telegram-bot-api";
import { readTask } from "./meter.mjs";

const { token, apiRoot, handle } = readTask();
const bot = new Bot(token, { apiRoot });
bot.on("message", (ctx) => handle(ctx.message.text, () => ctx.reply("answer")));
await bot.startPolling();
