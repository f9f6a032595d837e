import { dealBudget } from "../../../shared/outbound/pacing/deal-budget.ts";
import { tokenPerSecond } from "../../../shared/outbound/pacing/send-budget.ts";
import type { BotView, FleetEvent } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";

/** Differences below this are not worth a message. Sends per second. */
const worthTelling = 0.5;

/** What each running bot may send per second: the bots of one token share what the token has. Pure. */
export function dealShares(
  bots: readonly BotView[],
  reserved: ReadonlyMap<number, number> = new Map(),
): Map<string, number> {
  const tokens = new Map<number, BotView[]>();
  for (const bot of bots) {
    if (bot.pid === undefined || bot.botId === undefined) continue;
    tokens.set(bot.botId, [...(tokens.get(bot.botId) ?? []), bot]);
  }
  const shares = [...tokens].map(([botId, sharers]) =>
    dealBudget(
      sharers.map(({ name, sending }) => ({ bot: name, perSecond: sending?.demandPerSecond ?? 0 })),
      tokenPerSecond - (reserved.get(botId) ?? 0),
    ),
  );
  return new Map(shares.flatMap((dealt) => [...dealt]));
}

/** Deals out what each token may send, whenever a bot comes, goes or wants more. */
export class SendShares {
  /** By bot id: what somebody else sends with the token. */
  private readonly reserved: ReadonlyMap<number, number>;
  /** By process: a new one begins with the whole budget and must hear its share. */
  private readonly told = new Map<
    string,
    { readonly pid: number | undefined; readonly share: number }
  >();

  constructor(reserved: ReadonlyMap<number, number> = new Map()) {
    this.reserved = reserved;
  }

  /** @returns ends the watch */
  follow(fleet: Fleet): () => void {
    return fleet.watch((event) => {
      this.onFleetEvent(fleet, event);
    });
  }

  private onFleetEvent(fleet: Fleet, event: FleetEvent): void {
    if (event.type !== "bot") return;
    const bots = fleet.list();
    for (const [name, share] of dealShares(bots, this.reserved)) {
      const pid = bots.find((bot) => bot.name === name)?.pid;
      const before = this.told.get(name);
      const isNews =
        before === undefined ||
        before.pid !== pid ||
        Math.abs(before.share - share) >= worthTelling;
      if (!isNews) continue;
      this.told.set(name, { pid, share });
      fleet.tellBot(name, { type: "send_share", perSecond: share });
    }
  }
}
