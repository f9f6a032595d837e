import { describe, expect, it } from "vitest";
import { answerUnknownWords } from "../../../shared/bot-runtime/commands/unknown-words.ts";
import { routeThroughOutbox } from "../../../shared/outbound/library/outbox-api.ts";
import type { Outbox } from "../../../shared/outbound/outbox/outbox.ts";
import { Bot, type Update } from "../../../shared/telegram/bot-api.ts";

/** What a bot that knows /price alone says to a message. */
async function saidTo(message: object): Promise<unknown[]> {
  const said: unknown[] = [];
  const bot = new Bot("7:x");
  const outbox = {
    enqueue: ({ params }: { params: Record<string, unknown> }) => {
      said.push(params["text"]);
      return { accepted: Promise.resolve() };
    },
  };
  routeThroughOutbox(bot, outbox as unknown as Outbox, 7);
  bot.command("price", () => void said.push("0.25"));
  answerUnknownWords(bot, [{ command: "price", description: "The price" }]);
  const update = { update_id: 1, message: { message_id: 1, date: 0, ...message } };
  await bot.handleUpdate(update as unknown as Update);
  return said;
}

const alone = { id: 5, type: "private" };
const command = (text: string) => ({
  text,
  entities: [{ type: "bot_command", offset: 0, length: text.length }],
});

describe("words that a bot does not know", () => {
  it.each([
    [
      "text",
      { chat: alone, text: "hello" },
      "I understand commands only, for instance /price. /help lists them all.",
    ],
    [
      "an unknown command",
      { chat: alone, ...command("/prize") },
      "I do not know /prize. I understand commands only, for instance /price. /help lists them all.",
    ],
    ["a command that it knows", { chat: alone, ...command("/price") }, "0.25"],
    ["text in a group", { chat: { id: -5, type: "supergroup" }, text: "hello" }, undefined],
    [
      "an unknown command in a group",
      { chat: { id: -5, type: "group" }, ...command("/prize") },
      undefined,
    ],
    ["what is no text", { chat: alone, pinned_message: {} }, undefined],
  ])("are answered where somebody is alone with it: %s", async (_, message, answer) => {
    expect(await saidTo(message)).toEqual(answer === undefined ? [] : [answer]);
  });
});
