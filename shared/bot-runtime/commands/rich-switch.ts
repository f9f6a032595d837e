import type { Context } from "../../telegram/bot-api.ts";
import { reply } from "./reply.ts";

export interface RichSwitchParts {
  readonly setRich: (chatId: number, on: boolean) => Promise<void>;
  readonly mayDecide: (ctx: Context) => Promise<boolean>;
}

const usage = "Usage: /rich on or /rich off. Off: tables and long answers come as plain messages.";
const refusal =
  "In a group only its administrators, and the users of this bot's allowlist, can switch that.";

/** `/rich on` and `/rich off`: what one person decides for a whole chat. */
export async function switchRich(
  ctx: Context,
  { setRich, mayDecide }: RichSwitchParts,
): Promise<void> {
  const wish = typeof ctx.match === "string" ? ctx.match.trim() : "";
  if (ctx.chatId === undefined || (wish !== "on" && wish !== "off")) {
    await reply(ctx, usage);
    return;
  }
  if (!(await mayDecide(ctx))) {
    await reply(ctx, refusal);
    return;
  }
  await setRich(ctx.chatId, wish === "on");
  await reply(ctx, `Rich messages in this chat: ${wish}.`);
}
