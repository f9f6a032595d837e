import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linked } from "../../../bots/treasury/pages/marks.ts";
import { backfill } from "../../../bots/treasury/past/backfill.ts";
import { movementsIn } from "../../../bots/treasury/watch/transfers.ts";
import { lookOnce } from "../../../bots/treasury/watch/watch.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { TreasuryLives } from "./treasury-lives.ts";

const minuteMs = 60_000;
const { signal } = new AbortController();
let lives: TreasuryLives;

beforeEach(() => {
  lives = new TreasuryLives({ transfers_from: 0 });
  lives.isReal = true;
});

afterEach(() => {
  lives.remove();
});

/** One line for each transfer that was told, alone or among others. */
const transfers = (): string[] =>
  lives.told.flatMap(({ text }) => text.match(/block \d+, transaction \S+/g) ?? []);

/** What the market says moved, between two blocks. */
async function movedIn(first: number, last: number): Promise<string[]> {
  const { chain, options } = (await lives.begin()).parts;
  const end = await chain.block(last, signal);
  if (end === undefined) throw new Error("the market has no such block");
  const moved = await movementsIn(chain, options, first, end, signal);
  return moved.map(
    ({ transaction, block }) => `block ${block}, transaction ${linked(chain, "tx", transaction)}`,
  );
}

describe("the watch over a treasury", () => {
  it("tells every transfer once, over lives that remember nothing of their last look", async () => {
    await lookOnce(await lives.begin(), signal);
    const start = (await lives.begin()).parts.memory.now.trail.at(-1)?.number ?? 0;
    for (let life = 0; life < 21; life += 1) {
      await lives.clock.advance(minuteMs);
      const treasury = await lives.begin();
      if (life % 3 === 1) treasury.parts.memory.change = () => Promise.reject(new Error("killed"));
      await lookOnce(treasury, signal).catch(() => undefined);
    }
    const { memory } = (await lives.begin()).parts;
    const end = memory.now.trail.at(-1)?.number ?? 0;
    expect(end - start).toBe(420);
    const moved = await movedIn(start + 1, end);
    expect(moved.length).toBeGreaterThan(15);
    expect(new Set(transfers())).toEqual(new Set(moved));
    expect(transfers()).toHaveLength(moved.length);
  });

  it("makes up for a long absence, in few messages", async () => {
    await lookOnce(await lives.begin(), signal);
    const start = (await lives.begin()).parts.memory.now.trail.at(-1)?.number ?? 0;
    await lives.clock.advance(5 * 60 * minuteMs);
    await lookOnce(await lives.begin(), signal);
    expect(transfers().length).toBeGreaterThan(250);
    expect(transfers().toSorted()).toEqual((await movedIn(start + 1, start + 6_000)).toSorted());
    expect(lives.told.length).toBeLessThan(45);
  });

  it("tells gathered transfers once, where a life ends between telling and remembering", async () => {
    await lookOnce(await lives.begin(), signal);
    const start = (await lives.begin()).parts.memory.now.trail.at(-1)?.number ?? 0;
    await lives.clock.advance(60 * minuteMs);
    for (let life = 0; life < 12; life += 1) {
      const treasury = await lives.begin();
      const { memory } = treasury.parts;
      const change = memory.change.bind(memory);
      // Dies when it would write down that something was told; the next life sees more blocks.
      memory.change = (next) =>
        next.untold?.length === 0 && memory.now.untold.length > 0
          ? Promise.reject(new Error("killed"))
          : change(next);
      await lookOnce(treasury, signal).catch(() => undefined);
      await lives.clock.advance(minuteMs);
      await lookOnce(await lives.begin(), signal);
    }
    const end = (await lives.begin()).parts.memory.now.trail.at(-1)?.number ?? 0;
    expect(transfers().toSorted()).toEqual((await movedIn(start + 1, end)).toSorted());
  });

  it("begins at the newest block after a long pause where nothing is real", async () => {
    lives.isReal = false;
    await lookOnce(await lives.begin(), signal);
    await lives.clock.advance(48 * 60 * minuteMs);
    await lookOnce(await lives.begin(), signal);
    expect(transfers()).toEqual([]);
    await lives.clock.advance(10 * minuteMs);
    await lookOnce(await lives.begin(), signal);
    expect(transfers().length).toBeGreaterThan(3);
  });

  it("remembers after each hundred blocks how far it came", async () => {
    await lookOnce(await lives.begin(), signal);
    await lives.clock.advance(5 * 60 * minuteMs);
    const treasury = await lives.begin();
    const { chain, memory } = treasury.parts;
    const start = memory.now.trail.at(-1)?.number ?? 0;
    const coinTransfers = chain.coinTransfers.bind(chain);
    chain.coinTransfers = (wallets, block) => {
      if (block.number > start + 450) throw new ChainError("rate_limited", "too often");
      return coinTransfers(wallets, block, signal);
    };
    await expect(lookOnce(treasury, signal)).rejects.toThrow("too often");
    expect((memory.now.trail.at(-1)?.number ?? 0) - start).toBe(400);
  });

  it("begins its history with the last day, and adds a value every five minutes", async () => {
    const treasury = await lives.begin();
    await backfill(treasury, signal);
    expect(treasury.parts.history.samples).toHaveLength(25);
    for (let look = 0; look < 20; look += 1) {
      await lives.clock.advance(minuteMs);
      await lookOnce(treasury, signal);
    }
    expect((await lives.begin()).parts.history.samples).toHaveLength(29);
  });

  it("sets broken files aside and goes on", async () => {
    await lookOnce(await lives.begin(), signal);
    for (const name of ["watch.json", "history.json"])
      writeFileSync(join(lives.dir, name), "{ broken");
    const treasury = await lives.begin();
    expect(treasury.parts.memory.now.trail).toEqual([]);
    await lookOnce(treasury, signal);
    expect(treasury.parts.history.samples).toHaveLength(1);
  });
});
