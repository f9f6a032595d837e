import { dealBudget } from "../../../shared/outbound/pacing/deal-budget.ts";
import { tokenPerSecond } from "../../../shared/outbound/pacing/send-budget.ts";
import type { BotView } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";

/** Differences below this are not worth a message. Sends per second. */
const worthTelling = 0.5;

/** What each running bot may send per second: the bots of one token share what the token has. Pure. */
export function dealShares(
  bots: readonly BotView[],
  reserved: ReadonlyMap<number, number> = new Map(),
): Map<string, number> {
  const shares = sharersOf(bots).map((sharers) =>
    dealBudget(
      sharers.map(({ name, sending }) => ({ bot: name, perSecond: sending?.demandPerSecond ?? 0 })),
      tokenPerSecond - (reserved.get(sharers[0]?.botId ?? 0) ?? 0),
    ),
  );
  return new Map(shares.flatMap((dealt) => [...dealt]));
}

/** The running bots, those of one token together. */
function sharersOf(bots: readonly BotView[]): BotView[][] {
  const tokens = new Map<number, BotView[]>();
  for (const bot of bots) {
    if (bot.pid === undefined || bot.botId === undefined) continue;
    tokens.set(bot.botId, [...(tokens.get(bot.botId) ?? []), bot]);
  }
  return [...tokens.values()];
}

interface Told {
  readonly pid: number | undefined;
  readonly share: number;
}

/**
 * Sees to it that the bots of a token together stay within what Telegram grants it: deals out its sends whenever a bot
 * comes, goes or wants more, and tells each which chats the others write to.
 */
export class SendShares {
  /** By bot id: what somebody else sends with the token. */
  private readonly reserved: ReadonlyMap<number, number>;
  /** By process: a new one begins with an equal share and must hear its own. */
  private readonly told = new Map<string, Told>();

  constructor(reserved: ReadonlyMap<number, number> = new Map()) {
    this.reserved = reserved;
  }

  /** @returns ends the watch */
  follow(fleet: Pick<Fleet, "watch" | "list" | "tellBot">): () => void {
    return fleet.watch((event) => {
      if (event.type === "bot") this.deal(fleet);
      if (event.type === "sent") tellOthers(fleet, event.name, event.chatId);
    });
  }

  private deal(fleet: Pick<Fleet, "list" | "tellBot">): void {
    const bots = fleet.list();
    const dealt = dealShares(bots, this.reserved);
    for (const sharers of sharersOf(bots)) {
      const news = sharers.map(({ name, pid }) => {
        const share = dealt.get(name) ?? 0;
        const before = this.told.get(name);
        const known = before?.pid === pid ? before?.share : undefined;
        return { name, pid, share, change: share - (known ?? 0), isNew: known === undefined };
      });
      // All or none: shares of two dealings may add up to more than there is. Who gets less hears it first.
      if (!news.some(({ isNew, change }) => isNew || Math.abs(change) >= worthTelling)) continue;
      for (const { name, pid, share } of news.toSorted((a, b) => a.change - b.change)) {
        this.told.set(name, { pid, share });
        fleet.tellBot(name, { type: "send_share", perSecond: share });
      }
    }
  }
}

function tellOthers(
  fleet: Pick<Fleet, "list" | "tellBot">,
  name: string,
  chatId: number | string,
): void {
  const sharers = sharersOf(fleet.list()).find((bots) => bots.some((bot) => bot.name === name));
  for (const other of sharers ?? []) {
    if (other.name !== name) fleet.tellBot(other.name, { type: "others_sent", chatId });
  }
}
