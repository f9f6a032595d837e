import { createHash } from "node:crypto";
import { join } from "node:path";
import { type BotContext, defineBot } from "../../shared/bot-runtime/define-bot.ts";
import { markedAnswers, type Voice } from "../../shared/bot-runtime/sending/marked-answers.ts";
import type { Chain } from "../../shared/chain/chain.ts";
import { openChain } from "../../shared/chain/open-chain.ts";
import { simulatedMark } from "../../shared/chain/simulated/simulated-mark.ts";
import { systemClock } from "../../shared/clock.ts";
import { showChart } from "./commands/show-chart.ts";
import { showHoldings } from "./commands/show-holdings.ts";
import { Holdings } from "./holdings/snapshot.ts";
import { readOptions, type TreasuryOptions } from "./options.ts";
import { backfill } from "./past/backfill.ts";
import { spanOf } from "./past/course.ts";
import { History } from "./past/history.ts";
import { Treasury } from "./treasury.ts";
import { Announcer } from "./watch/announcer.ts";
import { watch } from "./watch/watch.ts";
import { WatchMemory } from "./watch/watch-memory.ts";

export const treasury = defineBot({
  name: "treasury",
  description:
    "Treasury: what the wallets hold and what it is worth, alerts on transfers and low balances, a daily report.",
  access: "allowlist",
  allowedUpdates: ["message", "callback_query"],
  commands: [
    { command: "treasury", description: "What the wallets hold, and what it is worth" },
    { command: "chart", description: "The value as a picture: /chart day, week or month" },
  ],
  check: ({ config }) => void readOptions(config),
  async setup(context) {
    const { bot, onStop } = context;
    const options = readOptions(context.config);
    const parts = { clock: systemClock, random: Math.random, log: context.log };
    const chain = await openChain(options.chain, parts);
    const voice = markedAnswers(context, simulatedMark(chain));
    const opened = await openTreasury(context, options, chain, voice);
    const telegram = { ...context, ...voice };
    bot.command("treasury", showHoldings(opened, telegram));
    bot.command("chart", (ctx, next) => {
      const span = spanOf(typeof ctx.match === "string" ? ctx.match : "");
      if (span === undefined)
        return voice.answer(ctx, "Usage: /chart day, /chart week or /chart month.");
      return showChart(opened, telegram, span)(ctx, next);
    });
    bot.on("callback_query", async (ctx, next) => {
      const word = /^chart:(\w+)$/.exec(ctx.callbackQuery?.data ?? "")?.[1];
      const span = word === undefined ? undefined : spanOf(word);
      if (span === undefined) return next();
      await showChart(opened, telegram, span)(ctx, next);
      await ctx.answerCallbackQuery().catch((error: unknown) => {
        context.log.debug("a press could not be acknowledged", { error });
      });
    });
    const watching = startWatch(opened, context);
    onStop(() => watching);
  },
});

async function openTreasury(
  { stateDir, log, sandbox, allowedUsers }: BotContext,
  options: TreasuryOptions,
  chain: Chain,
  { answerAt }: Voice,
): Promise<Treasury> {
  const clock = systemClock;
  // Other wallets, or another unit, have another past.
  const folder = join(stateDir, "treasury", `${chain.id}-${digestOf(chain, options)}`);
  const places = placesOf(options, sandbox ? allowedUsers : []);
  if (places.length === 0 && !chain.simulated)
    log.warn("alerts and reports go nowhere: options.chats of treasury is empty");
  return new Treasury({
    chain,
    options,
    holdings: new Holdings(chain, options),
    history: await History.open({ path: join(folder, "history.json"), clock, log }),
    memory: await WatchMemory.open(join(folder, "watch.json"), clock, log),
    announcer: new Announcer(places, answerAt),
    clock,
    random: Math.random,
    log,
  });
}

/** The configured chats; in the sandbox, where none is, the private chat of who tries it out. */
function placesOf({ chats }: TreasuryOptions, newcomers: readonly number[]) {
  const configured = chats.map(({ chat, topic }) => ({
    chatId: chat,
    ...(topic === undefined ? {} : { topicId: topic }),
  }));
  return configured.length > 0 ? configured : newcomers.map((chatId) => ({ chatId }));
}

function digestOf(chain: Chain, { wallets, tokens, unit, coin_pool }: TreasuryOptions): string {
  const addresses = wallets.map(({ address }) => address);
  const subject = JSON.stringify([chain.id, addresses, tokens, unit, coin_pool]);
  return createHash("sha256").update(subject).digest("hex").slice(0, 12);
}

async function startWatch(opened: Treasury, { signal, log }: BotContext): Promise<void> {
  try {
    await backfill(opened, signal);
  } catch (error) {
    if (!signal.aborted) log.error("the history could not be begun", { error });
  }
  await watch(opened, signal);
}
