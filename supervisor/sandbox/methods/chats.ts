import type { ChatFullInfo } from "../../../shared/telegram/bot-api.ts";
import { generalThreadId } from "../world/thread-place.ts";
import { chatOf, threadNotFound, writableChatOf } from "./call/chat-access.ts";
import { defineMethod } from "./call/method.ts";
import { chatId, integer, text } from "./call/parameters.ts";
import { badRequest } from "./call/telegram-error.ts";

const chatActions = [
  "typing",
  "upload_photo",
  "record_video",
  "upload_video",
  "record_voice",
  "upload_voice",
  "upload_document",
  "choose_sticker",
  "find_location",
  "record_video_note",
  "upload_video_note",
  "cancel",
];

export const getChat = defineMethod({ chat_id: chatId }, (scene, parameters) => {
  const chat = chatOf(scene, parameters.chat_id);
  const info: ChatFullInfo = {
    ...chat.view,
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
    ...(chat.view.username === undefined ? {} : { active_usernames: [chat.view.username] }),
  };
  return { value: info };
});

/** Whoever made a group owns it; there are no other administrators here. */
export const getChatMember = defineMethod({ chat_id: chatId, user_id: integer }, (scene, asked) => {
  const chat = chatOf(scene, asked.chat_id);
  const user = scene.world.users.get(asked.user_id);
  if (user === undefined) throw badRequest("user not found");
  const [owner] = chat.members;
  const isOwner = chat.type !== "private" && owner === user.id;
  if (isOwner) return { value: { status: "creator", user, is_anonymous: false } };
  return { value: { status: chat.members.has(user.id) ? "member" : "left", user } };
});

export const sendChatAction = defineMethod(
  { chat_id: chatId, message_thread_id: integer.optional(), action: text.optional() },
  (scene, parameters) => {
    const chat = writableChatOf(scene, parameters.chat_id);
    const threadId = parameters.message_thread_id || undefined;
    const action = (parameters.action ?? "").toLowerCase();
    if (!chatActions.includes(action)) throw badRequest("wrong parameter action in request");
    // Here General has its id, unlike in sendMessage.
    const isKnown =
      threadId === undefined ||
      (chat.isForum && threadId === generalThreadId) ||
      chat.topics.has(threadId) ||
      (chat.type === "supergroup" && chat.messages.has(threadId));
    if (!isKnown) throw threadNotFound();
    scene.world.ports.events.record({
      type: "chat_action",
      chat_id: chat.id,
      ...(threadId === undefined ? {} : { message_thread_id: threadId }),
      bot: scene.bot.id,
      action,
    });
    return { value: true };
  },
);
