import { Telegraf } from "telegraf";
import { readTask } from "./meter.mjs";

const { token, apiRoot, handle } = readTask();
const bot = new Telegraf(token, { telegram: { apiRoot } });
bot.on("message", (ctx) => handle(ctx.message.text, () => ctx.reply("answer")));
await bot.launch();
