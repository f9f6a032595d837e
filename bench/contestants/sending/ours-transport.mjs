// The library on our connections with nothing between: what the outbox and its disk cost is the difference to ours.mjs.
import { buildBot } from "../../../dist/shared/bot-runtime/sending/telegram-bot.js";
import { apiRoot, sendAll, token } from "./crowd.mjs";

const { bot } = buildBot({ settings: { name: "main", apiRoot }, token }, false);
await sendAll((params) => bot.api.sendMessage(params));
