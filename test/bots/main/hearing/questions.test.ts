import { expect, it } from "vitest";
import type { AgentReply } from "../../../../bots/main/agents/port.ts";
import { PlacedFile } from "../../../../bots/main/chat/placed-file.ts";
import { encodePress } from "../../../../bots/main/chat/press.ts";
import { TelegramChat } from "../../../../bots/main/chat/telegram-chat.ts";
import type { CommandDesk } from "../../../../bots/main/commands/command-desk.ts";
import { press } from "../../../../bots/main/hearing/presses.ts";
import type { Context } from "../../../../shared/telegram/bot-api.ts";
import { MemoryStorage } from "../../../storage/memory-storage.ts";
import { recordingLog } from "../../../support/recording-log.ts";
import { home } from "../sessions/stage/stage.ts";

it("an answer reaches the agent before the message shows it, which may take its time", async () => {
  const order: string[] = [];
  const way = {
    log: recordingLog(),
    signal: new AbortController().signal,
    answerAt: async () => ({ messageIds: Promise.resolve([5]) }),
    editAt: async (_place: unknown, _id: number, _key: string, markdown: string) => {
      order.push(markdown.includes("Answered") ? "settled" : "shown");
    },
  } as unknown as ConstructorParameters<typeof TelegramChat>[0];
  const placed = await PlacedFile.open(new MemoryStorage(), way.log);
  const chat = new TelegramChat(way, 42, placed);
  const option = { label: "Red", description: "" };
  const questions = [
    { question: "Which colour?", header: "", multiSelect: false, options: [option] },
  ];
  const ask = { kind: "question" as const, questions };
  await chat.say(home, "q", { kind: "request", request: "abc", session: "work", ask });
  const sessions = {
    answer: (request: string, reply: AgentReply) => {
      order.push(`${request}: ${JSON.stringify(reply)}`);
      chat.settled(home, request, "answered");
      return "answered";
    },
  };
  const desk = { chat, sessions, standsAt: () => home } as unknown as CommandDesk;
  const data = encodePress({ kind: "question", request: "abc", question: 0, option: 0 });
  const answered: unknown[] = [];
  await press(desk, {
    chatId: 7,
    callbackQuery: { data },
    answerCallbackQuery: async (options: unknown) => answered.push(options),
  } as unknown as Context);
  expect(order).toEqual([
    'abc: {"kind":"answers","answers":{"Which colour?":"Red"}}',
    "shown",
    "settled",
  ]);
  expect(answered).toEqual([{ text: "✅ Answered." }]);
});
