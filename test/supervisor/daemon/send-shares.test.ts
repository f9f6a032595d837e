import { describe, expect, it } from "vitest";
import { dealShares } from "../../../supervisor/daemon/handover/send-shares.ts";
import { botView } from "./bot-view.ts";

describe("what each bot may send", () => {
  it("is all of its token where nobody shares it", () => {
    const shares = dealShares([botView("main", { botId: 1 }), botView("a", { botId: 2 })]);
    expect([...shares]).toEqual([
      ["main", 30],
      ["a", 30],
    ]);
  });

  it("goes by what the bots of a token want, and never adds up to more than the token has", () => {
    const shares = dealShares([
      botView("main", { botId: 1, wants: 100 }),
      botView("a", { botId: 1, wants: 5 }),
      botView("b", { botId: 1 }),
    ]);
    expect(shares.get("a")).toBeCloseTo(5);
    expect(shares.get("main")).toBeGreaterThan(20);
    expect(shares.get("b")).toBeGreaterThanOrEqual(1);
    expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(30);
  });

  it("is dealt among bots that run", () => {
    const shares = dealShares([
      botView("main", { botId: 1 }),
      botView("a", { botId: 1, pid: undefined }),
    ]);
    expect([...shares]).toEqual([["main", 30]]);
  });
});
