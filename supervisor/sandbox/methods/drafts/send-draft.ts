import type { z } from "zod";
import type { Draft } from "../../drafts/draft.ts";
import { maxTextLength } from "../../world/posting.ts";
import { placeOf, writableChatOf } from "../call/chat-access.ts";
import { defineMethod, type Scene } from "../call/method.ts";
import { boolean, chatId, integer } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";
import { readFormatted, textParameters } from "../content/message-text.ts";
import { richContent, richParameter } from "../rich/rich-content.ts";

const draftParameters = {
  chat_id: chatId,
  message_thread_id: integer.optional(),
  draft_id: integer.optional(),
  can_stop: boolean.optional(),
  keep_on_stop: boolean.optional(),
};

/** A preview of a message being written: private chats only, gone after 30 s. An empty text shows "Thinking...". */
export const sendMessageDraft = defineMethod(
  { ...draftParameters, ...textParameters },
  (scene, parameters) => {
    const { text, entities } = readFormatted(parameters.text ?? "", parameters);
    if (text.length > maxTextLength) throw badRequest("message is too long");
    show(scene, parameters, { text, ...(entities.length === 0 ? {} : { entities }) });
    return { value: true };
  },
);

export const sendRichMessageDraft = defineMethod(
  { ...draftParameters, rich_message: richParameter },
  (scene, parameters) => {
    show(scene, parameters, richContent(parameters.rich_message, { isDraft: true }));
    return { value: true };
  },
);

function show(
  scene: Scene,
  asked: z.output<z.ZodObject<typeof draftParameters>>,
  content: Pick<Draft, "text" | "entities" | "rich_message">,
): void {
  const chat = writableChatOf(scene, asked.chat_id);
  if (chat.type !== "private") throw badRequest("TEXTDRAFT_PEER_INVALID");
  const draftId = asked.draft_id ?? 0;
  if (draftId === 0) throw badRequest("draft_id must be non-zero");
  const threadId = asked.message_thread_id || undefined;
  const place = placeOf(chat, { threadId });
  scene.drafts.show({
    chat_id: chat.id,
    ...(place.message_thread_id === undefined
      ? {}
      : { message_thread_id: place.message_thread_id }),
    bot: scene.bot.id,
    draft_id: draftId,
    ...content,
    ...(asked.can_stop === true ? { can_stop: true } : {}),
    ...(asked.keep_on_stop === true ? { keep_on_stop: true } : {}),
  });
}
