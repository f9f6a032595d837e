import { randomDigits } from "./identity.ts";
import type { CallbackPress, SandboxChat } from "./model.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** How long a press can be answered, and once (Bot API). */
const pressLifeMs = 150_000;

/** A person presses a button under a bot's message. Returns the id of the callback query. @throws Refusal */
export function press(
  world: World,
  chat: SandboxChat,
  userId: number,
  messageId: number,
  data: string,
): string {
  const from = world.user(userId);
  if (!chat.members.has(userId)) throw new Refusal(`User ${userId} is no member of this chat.`);
  const message = chat.messages.get(messageId);
  if (message === undefined)
    throw new Refusal(`There is no message ${messageId} in this chat.`, 404);
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
  if (!buttons.some((button) => button.callback_data === data))
    throw new Refusal("The message has no button with this data.");
  const botId = message.from?.id ?? 0;
  const query: CallbackPress = {
    id: randomDigits(world.ports.random, 19),
    botId: world.bot(botId).id,
    userId,
    chatId: chat.id,
    atMs: world.ports.clock.now(),
  };
  forgetOldPresses(world);
  world.presses.set(query.id, query);
  world.ports.deliver(
    botId,
    "callback_query",
    JSON.stringify({ id: query.id, from, message, chat_instance: chat.instance, data }),
  );
  world.ports.changed();
  return query.id;
}

/** The press that this answer ends; undefined when it is too old, answered, or of another bot. */
export function takePress(world: World, botId: number, id: string): CallbackPress | undefined {
  forgetOldPresses(world);
  const query = world.presses.get(id);
  if (query === undefined || query.botId !== botId) return undefined;
  world.presses.delete(id);
  return query;
}

function forgetOldPresses(world: World): void {
  const oldestMs = world.ports.clock.now() - pressLifeMs;
  for (const query of world.presses.values()) {
    if (query.atMs >= oldestMs) return;
    world.presses.delete(query.id);
  }
}
