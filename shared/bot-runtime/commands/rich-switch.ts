import { type Bot, type Context, TelegramApiError } from "../../telegram/bot-api.ts";
import { reply } from "./reply.ts";

export interface RichSwitchParts {
  readonly bot: Bot;
  readonly setRich: (chatId: number, on: boolean) => Promise<void>;
  readonly allowedUsers: ReadonlySet<number>;
}

const usage = "Usage: /rich on or /rich off. Off: tables and long answers come as plain messages.";
const refusal =
  "In a group only its administrators, and the users of this bot's allowlist, can switch that.";

/** `/rich on` and `/rich off`: what one person decides for a whole chat. */
export async function switchRich(
  ctx: Context,
  { bot, setRich, allowedUsers }: RichSwitchParts,
): Promise<void> {
  const wish = typeof ctx.match === "string" ? ctx.match.trim() : "";
  if (ctx.chatId === undefined || (wish !== "on" && wish !== "off")) {
    await reply(ctx, usage);
    return;
  }
  if (!(await maySwitch(ctx, bot, allowedUsers))) {
    await reply(ctx, refusal);
    return;
  }
  await setRich(ctx.chatId, wish === "on");
  await reply(ctx, `Rich messages in this chat: ${wish}.`);
}

async function maySwitch(
  { message, chatId }: Context,
  bot: Bot,
  allowedUsers: ReadonlySet<number>,
): Promise<boolean> {
  if (message === undefined || chatId === undefined) return false;
  const { chat, from, sender_chat: sender } = message;
  // Administrators may speak as the group itself; then Telegram does not say who they are.
  if (chat.type === "private" || sender?.id === chatId) return true;
  if (from === undefined) return false;
  if (allowedUsers.has(from.id)) return true;
  try {
    const member = await bot.api.getChatMember({ chat_id: chatId, user_id: from.id });
    return member.status === "creator" || member.status === "administrator";
  } catch (error) {
    if (error instanceof TelegramApiError) return false;
    throw error;
  }
}
