import type { SandboxChat } from "../../world/model.ts";
import {
  type Destination,
  findPlace,
  generalThreadId,
  type Place,
} from "../../world/thread-place.ts";
import type { Scene } from "./method.ts";
import { badRequest, forbidden, TelegramError } from "./telegram-error.ts";

/** The chat as this bot may read it. @throws TelegramError 400, 403 */
export function chatOf({ world, bot }: Scene, chatId: string): SandboxChat {
  // Nobody here has a public name, so an @username never resolves.
  if (!/^\s*-?\d+\s*$/.test(chatId)) throw badRequest("chat not found");
  const id = Number(chatId);
  const chat = id > 0 ? world.dialog(bot.id, id) : world.chats.get(id);
  const status = chat?.bots.get(bot.id);
  if (chat === undefined || status === undefined) throw badRequest("chat not found");
  if (status === "kicked") throw forbidden(`bot was kicked from the ${chat.type} chat`);
  if (status === "left") throw forbidden(`bot is not a member of the ${chat.type} chat`);
  return chat;
}

/** The chat as this bot may write to it. @throws TelegramError 400, 403 */
export function writableChatOf(scene: Scene, chatId: string): SandboxChat {
  const chat = chatOf(scene, chatId);
  if (chat.migratedTo !== undefined)
    throw new TelegramError(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: chat.migratedTo,
    });
  if (chat.type === "private" && scene.world.isBlocked(chat.view.id, scene.bot.id))
    throw forbidden("bot was blocked by the user");
  return chat;
}

/** @throws TelegramError 400 for a topic or a message that is not there; General has no id for senders */
export function placeOf(chat: SandboxChat, destination: Destination): Place {
  if (chat.isForum && destination.threadId === generalThreadId) throw threadNotFound();
  const place = findPlace(chat, destination);
  if (place === "reply_not_found") throw badRequest("message to be replied not found");
  // Administrators who manage topics could still write; bots are none here.
  if (place === "topic_closed") throw badRequest("TOPIC_CLOSED");
  if (typeof place === "string") throw threadNotFound();
  return place;
}

export function threadNotFound(): TelegramError {
  return badRequest("message thread not found");
}
