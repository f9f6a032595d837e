import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { transferAlerts } from "../../../bots/treasury/watch/alerts.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { TreasuryLives } from "./treasury-lives.ts";

const { signal } = new AbortController();
const ago = 1_200;
let lives: TreasuryLives;

beforeEach(() => {
  lives = new TreasuryLives({ transfers_from: 0 });
});

afterEach(() => {
  lives.remove();
});

/** The alerts of blocks an hour ago, on a chain that remembers reserves so far back. */
async function alertsOf(remembered: number): Promise<{ texts: string[]; askedAt: Set<number> }> {
  const treasury = await lives.begin();
  const { chain } = treasury.parts;
  const head = await chain.head(signal);
  const askedAt = new Set<number>();
  const reserves = chain.reserves.bind(chain);
  chain.reserves = async (pool, aborts, at = head.number) => {
    if (at < head.number - remembered) throw new ChainError("not_there", "missing trie node");
    askedAt.add(at);
    return reserves(pool, aborts, at);
  };
  const last = await chain.block(head.number - ago, signal);
  if (last === undefined) throw new Error("the market has no such block");
  const alerts = await transferAlerts(treasury, last.number - 60, last, signal);
  const blocks = alerts.map(({ block }) => block);
  expect(blocks.length).toBeGreaterThan(1);
  expect(askedAt).toEqual(new Set(remembered > ago ? blocks : [head.number]));
  return { texts: alerts.map(({ text }) => text), askedAt };
}

describe("what a transfer was worth", () => {
  it("is told by the pools at its own block", async () => {
    const { texts } = await alertsOf(2_000);
    for (const text of texts) {
      expect(text).toMatch(/ \([\d.,]+ sUSD\)/);
      expect(text).not.toContain("today");
    }
  });

  it("is told at today's price where the chain has forgotten that block", async () => {
    const { texts } = await alertsOf(128);
    for (const text of texts) expect(text).toMatch(/ \([\d.,]+ sUSD at today's price\)/);
  });

  it("waits where the chain cannot be asked just now", async () => {
    const treasury = await lives.begin();
    const { chain } = treasury.parts;
    chain.reserves = () => Promise.reject(new ChainError("unreachable", "no connection"));
    const last = await chain.head(signal);
    const alerts = transferAlerts(treasury, last.number - 60, last, signal);
    await expect(alerts).rejects.toThrow("no connection");
  });
});
