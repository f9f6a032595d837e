import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { PostPlace } from "../ledger/post.ts";
import { poolName } from "../watch/tracked-pool.ts";
import type { Desk } from "./desk.ts";

/** What a chat hears of, in Markdown. */
export function watchedHere(place: PostPlace, { watches, book }: Desk): string {
  const here = watches.at(place);
  if (here.length === 0) return "No pool is watched here.";
  const lines = here.map(({ pool, threshold }) => {
    const known = book.pools.get(pool);
    return known === undefined
      ? `- \`${pool}\`: buys from ${threshold}`
      : `- ${markdownText(poolName(known))}: buys from ${threshold} ${markdownText(known.quote.symbol)}`;
  });
  return ["Watched here:", "", ...lines].join("\n");
}

/** How the chain is followed, in Markdown. */
export function chainState({ chain, ledger, follower, watches, confirmations }: Desk): string {
  const { state, reason } = follower.state;
  const words = {
    starting: "starting",
    following: "followed",
    catching_up: "catching up",
    trouble: `in trouble, tried again by itself${reason === undefined ? "" : ` (${markdownText(reason)})`}`,
  };
  const tip = ledger.trail.at(-1);
  return [
    `Chain: ${markdownText(chain.name)}, ${words[state]}`,
    `Last block handled: ${tip === undefined ? "none yet" : tip.number}, confirmations ${confirmations}`,
    `Watching: ${counted(new Set(watches.all.map(({ pool }) => pool)).size, "pool")} for ${counted(new Set(watches.all.map(({ place: { chatId, topicId } }) => `${chatId}:${topicId ?? ""}`)).size, "chat or topic", "chats and topics")}`,
    `Waiting to be told: ${counted(ledger.waitingPosts, "message")}`,
  ].join("\\\n");
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
