// A whole bot process of ours, as a supervisor starts one: lock, guard, log on the disk, cursor, lanes.
import { runBotProcess } from "../../dist/shared/bot-runtime/bot-process.js";
import { buildBot } from "../../dist/shared/bot-runtime/sending/telegram-bot.js";
import { systemClock } from "../../dist/shared/clock.js";
import { StopSwitch } from "../../dist/shared/stop-switch.js";
import { readTask } from "./meter.mjs";

const { token, apiRoot, handle, concurrency, stateDir } = readTask();
// What a bot of ours sends is paced to what Telegram takes; the others send as fast as they can. Measured is the way of
// an update, so sends take the transport itself.
const { api } = buildBot({ settings: { name: "main", apiRoot }, token }, false).bot;
const botId = Number(token.split(":")[0]);
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
const settings = {
  name: "main",
  role: "main",
  botId,
  mainBotId: botId,
  tokenBots: ["main"],
  apiRoot,
  stateDir,
  lockDir: stateDir,
  logLevel: "error",
  webhook: "delete",
  pollTimeoutSeconds: 30,
  allowedUsers: [],
  allowedChats: [],
  sandbox: false,
  answers: { maxRichLength: 8_000, numbering: false, maxParts: 10 },
  options: {},
};
const equipped = { settings, token };
const program = { definition, tokenBots: [definition], equipped, skipNamedLock: true };
process.exitCode = await runBotProcess(program, new StopSwitch(systemClock));
