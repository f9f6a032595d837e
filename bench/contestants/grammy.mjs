import { Bot } from "grammy";
import { readTask } from "./meter.mjs";

const { token, apiRoot, handle } = readTask();
const bot = new Bot(token, { client: { apiRoot } });
bot.on("message", (ctx) => handle(ctx.message.text, () => ctx.reply("answer")));
await bot.start();
