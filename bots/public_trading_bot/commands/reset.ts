import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import { asked, pressed } from "../desk/asked.ts";
import type { Desk } from "../desk/desk.ts";
import { short } from "../pages/amounts.ts";

/** `/reset` asks before it does anything. */
export function askReset(desk: Desk): BotHandler {
  return asked(desk, async (ctx, person) => {
    const assets = await desk.parts.market.assets(desk.parts.signal);
    const start = short(desk.startCash(assets), assets.cash);
    const question = ctx.update.update_id;
    await desk.ask(
      ctx,
      `**${markdownText(person.name)}**, begin anew in this chat with ${start}? The leaderboard counts it.`,
      {
        inline_keyboard: [
          [
            { text: "Begin anew", callback_data: `reset:${person.user}:${question}` },
            { text: "✖ Leave it", callback_data: `keep:${person.user}:${question}` },
          ],
        ],
      },
    );
  });
}

/**
 * @param owner the id of the person who was asked
 * @param question the update that asked: however often its button is pressed, a book begins anew once
 */
export function answerReset(
  desk: Desk,
  action: "reset" | "keep",
  owner: number,
  question: string,
): BotHandler {
  return pressed(desk, async (ctx, person) => {
    if (person.user !== owner) return desk.hear(ctx, "This is somebody else's book.");
    const { ledger, market, signal, botId } = desk.parts;
    const cause = `${botId()}/${question}`;
    if (action === "reset") {
      const assets = await market.assets(signal);
      await ledger.reset(person, desk.startCash(assets), cause);
    }
    const name = markdownText(person.name);
    const text = action === "reset" ? `🔄 **${name}** begins anew.` : `✖ **${name}** goes on.`;
    await desk.settle(ctx, `${action} ${cause}`, text);
    return desk.hear(ctx);
  });
}
