import { Bot } from "grammy";
import { apiRoot, sendAll, token } from "./crowd.mjs";

const { api } = new Bot(token, { client: { apiRoot } });
await sendAll(({ chat_id: chatId, text, entities }) => api.sendMessage(chatId, text, { entities }));
