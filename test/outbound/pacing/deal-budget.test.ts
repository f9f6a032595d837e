import { describe, expect, it } from "vitest";
import { dealBudget } from "../../../shared/outbound/pacing/deal-budget.ts";
import { seededRandom } from "../../support/seeded-random.ts";

function deal(demands: Readonly<Record<string, number>>, total?: number): Record<string, number> {
  const list = Object.entries(demands).map(([bot, perSecond]) => ({ bot, perSecond }));
  return Object.fromEntries(dealBudget(list, total));
}

describe("dealing out a token's sends", () => {
  it.each([
    ["one bot has all of it", { main: 0 }, { main: 30 }],
    ["idle bots share it equally", { a: 0, b: 0, c: 0 }, { a: 10, b: 10, c: 10 }],
    ["who wants little gets it", { a: 4, b: 100 }, { a: 4, b: 26 }],
    ["two who want too much share", { a: 100, b: 50 }, { a: 15, b: 15 }],
    ["an idle bot keeps a little", { a: 0, b: 100, c: 100 }, { a: 1, b: 14.5, c: 14.5 }],
  ])("%s", (_, demands: Record<string, number>, shares) => {
    expect(deal(demands)).toEqual(shares);
  });

  it("nobody to deal to", () => {
    expect(deal({})).toEqual({});
  });

  it("never deals more than there is, gives everybody something, and is fair", () => {
    const random = seededRandom(5);
    for (let round = 0; round < 500; round += 1) {
      const bots = 1 + Math.floor(random() * 60);
      const list = Array.from({ length: bots }, (_, bot) => ({
        bot: `b${bot}`,
        perSecond: random() < 0.3 ? 0 : random() * 40,
      }));
      const shares = dealBudget(list);
      const sum = [...shares.values()].reduce((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(30, 6);
      for (const { bot, perSecond } of list) {
        const share = shares.get(bot) ?? 0;
        // Who gets less than it wants gets no less than anybody else.
        const isFair = share >= perSecond - 1e-9 || Math.max(...shares.values()) <= share + 1e-9;
        if (share <= 0 || !isFair) throw new Error(`${bot} wants ${perSecond} and gets ${share}`);
      }
    }
  });
});
