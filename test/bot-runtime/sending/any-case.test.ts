import { expect, it } from "vitest";
import { buildBot } from "../../../shared/bot-runtime/sending/telegram-bot.ts";

it.each([
  ["/Stop", "stop: "],
  ["/STOP@My_Bot Now", "stop: Now"],
  ["/Stop\nNow", "stop: Now"],
  ["/Stopped", "said: /stopped"],
  ["/Stop/Here", "said: /Stop/Here"],
  ["Please /Stop", "said: Please /Stop"],
])("a command is known in whatever case it is written: %j", async (text, heard) => {
  const settings = { name: "main", apiRoot: "http://127.0.0.1:9" };
  const parts = { settings, token: "1:a" } as unknown as Parameters<typeof buildBot>[0];
  const { bot, close } = buildBot(parts, false);
  const all: string[] = [];
  bot.command("stop", (ctx) => void all.push(`stop: ${String(ctx.match)}`));
  bot.on("message", (ctx) => void all.push(`said: ${ctx.message?.text ?? ""}`));
  const update = {
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: -1, type: "group" }, text },
  };
  await bot.handleUpdate(update);
  close();
  expect(all).toEqual([heard]);
});
