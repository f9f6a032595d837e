import { z } from "zod";
import type { BotCommand } from "../../../shared/telegram/bot-api.ts";
import { defineMethod } from "./call/method.ts";
import { json, text } from "./call/parameters.ts";
import { badRequest } from "./call/telegram-error.ts";

const maxCommands = 100;
const maxDescriptionLength = 256;

const scope = json(
  z.looseObject({ type: z.string() }),
  "can't parse BotCommandScope JSON object",
).optional();

const commandList = json(
  z.array(z.looseObject({ command: z.string(), description: z.string() })),
  "can't parse commands JSON object",
);

const whose = { scope, language_code: text.optional() };

type Whose = {
  readonly scope?: z.output<typeof scope>;
  readonly language_code?: string | undefined;
};

export const setMyCommands = defineMethod(
  { commands: commandList, ...whose },
  ({ bot, world }, parameters) => {
    const commands = parameters.commands.map(({ command, description }) =>
      checked(command, description),
    );
    if (commands.length > maxCommands) throw badRequest("BOT_COMMANDS_TOO_MUCH");
    bot.commands.set(keyOf(parameters), commands);
    world.tell({ type: "state" });
    return { value: true };
  },
);

export const getMyCommands = defineMethod(whose, ({ bot }, parameters) => ({
  value: bot.commands.get(keyOf(parameters)) ?? [],
}));

export const deleteMyCommands = defineMethod(whose, ({ bot, world }, parameters) => {
  bot.commands.delete(keyOf(parameters));
  world.tell({ type: "state" });
  return { value: true };
});

function checked(command: string, description: string): BotCommand {
  const name = command.replace(/^\//, "").toLowerCase();
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest("BOT_COMMAND_INVALID");
  if (description === "" || description.length > maxDescriptionLength)
    throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  return { command: name, description };
}

function keyOf({ scope: given, language_code }: Whose): string {
  return JSON.stringify([given ?? { type: "default" }, language_code ?? ""]);
}
