import { type Bot, type Context, TelegramApiError } from "../../telegram/bot-api.ts";

/**
 * Whether somebody may decide for everybody in a chat: in private chats who may talk to the bot at all, in groups the
 * users of the allowlist and the chat's administrators. For messages and button presses.
 * @throws what getChatMember throws when Telegram cannot be asked
 */
export async function mayDecide(
  { message, callbackQuery, chatId }: Context,
  bot: Bot,
  isAllowed: (userId: number) => boolean,
): Promise<boolean> {
  const chat = (message ?? callbackQuery?.message)?.chat;
  const from = message?.from ?? callbackQuery?.from;
  if (chat === undefined || chatId === undefined) return false;
  // Administrators may speak as the group itself; then Telegram does not say who they are.
  if (chat.type === "private" || message?.sender_chat?.id === chatId) return true;
  if (from === undefined) return false;
  if (isAllowed(from.id)) return true;
  try {
    const member = await bot.api.getChatMember({ chat_id: chatId, user_id: from.id });
    return member.status === "creator" || member.status === "administrator";
  } catch (error) {
    if (error instanceof TelegramApiError) return false;
    throw error;
  }
}
