import { Bot } from "node-telegram-bot-api";
import { apiRoot, sendAll, token } from "./crowd.mjs";

const { api } = new Bot(token, { apiRoot });
await sendAll((params) => api.sendMessage(params));
