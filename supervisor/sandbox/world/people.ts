import type { User } from "../../../shared/telegram/bot-api.ts";
import { botFirstName, botUsername, randomBotId, randomToken, randomUserId } from "./identity.ts";
import type { SandboxBot } from "./model.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** The bot as the author of its messages. */
export function botAsUser(bot: SandboxBot): User {
  return { id: bot.id, is_bot: true, first_name: bot.firstName, username: bot.username };
}

export function createBot(world: World, name: string): SandboxBot {
  const { random } = world.ports;
  const id = freeId(world.bots, () => randomBotId(random));
  const bot: SandboxBot = {
    id,
    name,
    username: freeUsername(world, botUsername(name)),
    firstName: botFirstName(name),
    token: randomToken(id, random),
    hasTopics: false,
    commands: new Map(),
  };
  world.addBot(bot);
  world.tell({ type: "state" });
  return bot;
}

/** The old token is refused from now on. */
export function revokeToken(world: World, bot: SandboxBot): string {
  world.changeToken(bot, randomToken(bot.id, world.ports.random));
  world.tell({ type: "state" });
  return bot.token;
}

export function createUser(world: World, firstName: string, username?: string): User {
  const user: User = {
    id: freeId(world.users, () => randomUserId(world.ports.random)),
    is_bot: false,
    first_name: firstName,
    ...(username === undefined ? {} : { username }),
    language_code: "en",
  };
  world.users.set(user.id, user);
  world.tell({ type: "state" });
  return user;
}

/** A person blocks a bot or lets it back in; the bot hears of it as `my_chat_member`. @throws Refusal */
export function setBlocked(world: World, userId: number, botId: number, blocked: boolean): void {
  const from = world.user(userId);
  const bot = world.bot(botId);
  const chat = world.dialog(botId, userId);
  if (chat === undefined) throw new Refusal("The user has no private chat with this bot.");
  if (world.isBlocked(userId, botId) === blocked) return;
  const list = world.blocked.get(userId) ?? new Set();
  if (blocked) list.add(botId);
  else list.delete(botId);
  world.blocked.set(userId, list);
  const user = botAsUser(bot);
  const member = { status: "member", user };
  const kicked = { status: "kicked", user, until_date: 0 };
  world.ports.deliver(
    botId,
    "my_chat_member",
    JSON.stringify({
      chat: chat.view,
      from,
      date: world.seconds(),
      old_chat_member: blocked ? member : kicked,
      new_chat_member: blocked ? kicked : member,
    }),
  );
  world.tell({ type: "state" });
}

function freeId(taken: ReadonlyMap<number, unknown>, draw: () => number): number {
  let id = draw();
  while (taken.has(id)) id = draw();
  return id;
}

function freeUsername(world: World, wanted: string): string {
  const taken = new Set([...world.bots.values()].map((bot) => bot.username));
  let username = wanted;
  for (let number = 2; taken.has(username); number += 1)
    username = wanted.replace(/_sandbox_bot$/, `${number}_sandbox_bot`);
  return username;
}
