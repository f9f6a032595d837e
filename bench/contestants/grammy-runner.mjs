// With a `concurrency`: so many updates at once, and those of a chat in order, as our lanes do it. Without: the runner's
// own default, 500 at once in no order.
import { run, sequentialize } from "@grammyjs/runner";
import { Bot } from "grammy";
import { readTask } from "./meter.mjs";

const { token, apiRoot, handle, concurrency } = readTask();
const bot = new Bot(token, { client: { apiRoot } });
if (concurrency !== undefined) bot.use(sequentialize((ctx) => String(ctx.chat.id)));
bot.on("message", (ctx) => handle(ctx.message.text, () => ctx.reply("answer")));
run(bot, concurrency === undefined ? {} : { sink: { concurrency } });
