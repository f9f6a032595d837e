// Durable answers through the outbox, as a bot sends them, but without waiting for any pace.

import { buildBot } from "../../../dist/shared/bot-runtime/sending/telegram-bot.js";
import { systemClock } from "../../../dist/shared/clock.js";
import { createLog } from "../../../dist/shared/logger.js";
import { callThrough } from "../../../dist/shared/outbound/library/telegram-call.js";
import { openOutbox } from "../../../dist/shared/outbound/outbox/open-outbox.js";
import { ChatPaces } from "../../../dist/shared/outbound/pacing/chat-paces.js";
import { apiRoot, sendAll, stateDir, token } from "./crowd.mjs";

const atOnce = { intervalMs: 0.001, burst: 1_000_000, keptForAnswers: 0 };
const { bot } = buildBot({ settings: { name: "main", apiRoot }, token }, false);
const outbox = await openOutbox({
  stateDir,
  bot: "main",
  botId: Number(token.split(":")[0]),
  send: callThrough(bot.api),
  budget: { acquire: async () => undefined },
  paces: new ChatPaces({ table: { private: atOnce, group: atOnce } }),
  clock: systemClock,
  random: Math.random,
  log: createLog({ label: "main", level: "error" }),
});
await sendAll(async (params, number) => {
  const answerId = `session/${number}`;
  const answer = { kind: "answer", method: "sendMessage", params, answerId };
  const outcome = await outbox.enqueue(answer).outcome;
  if (outcome.state !== "sent") throw new Error(`an answer was ${outcome.state}`);
});
