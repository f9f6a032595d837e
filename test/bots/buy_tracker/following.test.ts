import { afterEach, describe, expect, it } from "vitest";
import { FakeChain, fakePool } from "../../support/chain/fake-chain.ts";
import { TrackedStage } from "./tracked-stage.ts";

let stage: TrackedStage | undefined;
afterEach(async () => {
  await stage?.end();
});

async function begin(options: Parameters<TrackedStage["start"]>[0] = {}) {
  const chain = new FakeChain(10);
  stage = new TrackedStage(chain);
  stage.start(options);
  await stage.pass();
  return { chain, stage };
}

const titles = ({ sent }: TrackedStage): string[] =>
  sent.map(({ text }) => text.split("\\\n")[0] ?? "");

describe("following and telling", () => {
  it("tells what is bought from now on, above the threshold", async () => {
    const { chain, stage: on } = await begin();
    chain.mine(1, chain.buy("anna", 99.99), chain.sell("ben", 500));
    chain.mine(1, chain.buy("cleo", 100));
    await on.pass();
    expect(titles(on)).toEqual(["**Buy: 200 TKN**"]);
    expect(on.sent[0]?.text).toContain("Value: 100 USDC");
    expect(on.sent[0]?.text).toContain("(new holder)");
  });

  it("takes who buys twice in one block for new once", async () => {
    const { chain, stage: on } = await begin();
    chain.mine(1, chain.buy("anna", 200), chain.buy("ben", 250), chain.buy("anna", 300));
    await on.pass();
    const holders = on.sent[0]?.text.match(/for \d+ USDC|(new|returning) holder/g);
    expect(holders?.slice(1).join(", ")).toBe(
      "for 200 USDC, new holder, for 250 USDC, new holder, for 300 USDC, returning holder",
    );
  });

  it("gets on with a block of many buys, however often the chain refuses in between", async () => {
    const { chain, stage: on } = await begin();
    chain.mine(1, ...Array.from({ length: 30 }, (_, index) => chain.buy(`buyer ${index}`, 200)));
    chain.refusesEach = 4;
    await on.pass(600_000);
    expect(titles(on)[0]).toContain("**30 buys: 12,000 TKN for 6,000 USDC**");
    expect(on.sent.length).toBe(1);
  });

  it("does not follow a pool whose tracked token is none of its two, and says which they are", async () => {
    const chain = new FakeChain(10);
    stage = new TrackedStage(chain);
    stage.track = `0x${"e".repeat(40)}`;
    stage.start();
    await stage.pass();
    chain.mine(1, chain.buy("anna", 200), chain.sell("ben", 200));
    await stage.pass();
    expect(stage.sent).toEqual([]);
    expect(JSON.stringify(stage.log.of("error"))).toMatch(
      /none of the two.*TKN 0x1111.*USDC 0x2222/,
    );
  });

  it("tells what was bought shortly after a message together, when the time has come", async () => {
    const { chain, stage: on } = await begin({ groupMs: 10_000 });
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    chain.mine(1, chain.buy("ben", 300));
    await on.pass();
    chain.mine(1, chain.buy("cleo", 400));
    await on.pass(2_000);
    expect(on.sent.length).toBe(1);
    await on.pass(6_000);
    expect(titles(on).length).toBe(2);
    expect(on.sent[1]?.text).toContain("**2 buys: 1,400 TKN for 700 USDC**");
  });

  it("waits for confirmations", async () => {
    const { chain, stage: on } = await begin({ confirmations: 3 });
    chain.mine(1, chain.buy("anna", 200));
    chain.mine(1);
    await on.pass();
    expect(on.sent).toEqual([]);
    chain.mine(1);
    await on.pass();
    expect(on.sent.length).toBe(1);
  });

  it("corrects what a reorganisation took away, once", async () => {
    const { chain, stage: on } = await begin();
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    chain.giveUp(1);
    chain.mine(6);
    await on.pass();
    expect(on.sent.map(({ kind }) => kind)).toEqual(["said", "edited"]);
    expect(on.sent[1]?.text).toContain("vanished");
    await on.end();
    on.start();
    await on.pass();
    expect(on.sent.length).toBe(2);
  });

  it("goes on after a restart where it was, whatever happened meanwhile", async () => {
    const { chain, stage: on } = await begin();
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    await on.end();
    chain.mine(1, chain.buy("ben", 300));
    chain.mine(300);
    chain.mine(1, chain.buy("cleo", 400));
    on.start();
    await on.pass(6_000);
    expect(on.sent.map(({ text }) => /(\d+) USDC/.exec(text)?.[1])).toEqual(["200", "300", "400"]);
  });

  it("tells after a restart what an earlier life had seen, although the chain stands still", async () => {
    const { chain, stage: on } = await begin();
    on.refusing.add(7);
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    await on.end();
    on.refusing.clear();
    on.start();
    await on.pass();
    expect(on.sent.length).toBe(1);
  });

  it("asks the outbox again after a restart for a message that was going out", async () => {
    const { chain, stage: on } = await begin();
    on.messageIds = () => new Promise(() => undefined);
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    await on.end();
    chain.giveUp(1);
    chain.mine(6);
    on.messageIds = async () => [42];
    on.start();
    await on.pass();
    expect(on.sent.map(({ kind }) => kind)).toEqual(["said", "edited"]);
  });

  it("survives a chain in trouble, and says so in its state", async () => {
    const { chain, stage: on } = await begin();
    chain.trouble = "rate_limited";
    chain.mine(1, chain.buy("anna", 200));
    const askedBefore = chain.asked;
    await on.pass(60_000);
    expect(on.follower?.state).toMatchObject({
      state: "trouble",
      reason: "the chain is in trouble",
    });
    // 1, 2, 4, 8, 16, 30 s at most.
    expect(chain.asked - askedBefore).toBeLessThan(12);
    chain.trouble = undefined;
    await on.pass(31_000);
    expect(on.follower?.state.state).toBe("following");
    expect(on.sent.length).toBe(1);
    expect(on.log.of("warn").length).toBe(1);
  });

  it.each([
    ["asks again for the buyer while a node that lags behind does not know", 3, /Buyer: .*anna/],
    ["goes on without the buyer where no node knows it any more", Infinity, /Buyer: .*router/],
  ])("%s", async (_, forgets, buyer) => {
    const { chain, stage: on } = await begin();
    chain.forgetsSenders = forgets;
    chain.mine(1, { ...chain.buy("anna", 200), to: chain.trader("router") });
    await on.pass(20_000);
    expect(on.sent.length).toBe(1);
    const names = ["anna", "router"].map((name) => [chain.trader(name), name] as const);
    const text = names.reduce(
      (said, [address, name]) => said.replaceAll(address, name),
      on.sent[0]?.text ?? "",
    );
    expect(text).toMatch(buyer);
    expect(on.follower?.state.state).toBe("following");
  });

  it("goes on without the holder where the node never says it, in whatever words", async () => {
    const { chain, stage: on } = await begin();
    chain.balanceTrouble = "unreachable";
    chain.mine(1, chain.buy("anna", 200));
    await on.pass(20_000);
    expect(on.sent.length).toBe(1);
    expect(on.sent[0]?.text).not.toContain("holder");
  });

  it("follows the others where one pool is none, and says so once", async () => {
    const chain = new FakeChain(10);
    stage = new TrackedStage(chain);
    stage.pools = [`0x${"e".repeat(40)}`, fakePool];
    stage.start();
    await stage.pass();
    chain.mine(1, chain.buy("anna", 200));
    await stage.pass();
    expect(stage.sent.length).toBe(1);
    expect(stage.log.of("error").length).toBe(1);
  });

  it.each(["unreachable", "refused"] as const)(
    "loses no buy where the chain is in trouble at the start: %s",
    async (trouble) => {
      const { chain, stage: on } = await begin();
      await on.end();
      chain.trouble = trouble;
      on.start();
      await on.pass();
      expect(on.follower?.state.state).toBe("trouble");
      chain.mine(1, chain.buy("anna", 200));
      chain.trouble = undefined;
      await on.pass(31_000);
      expect(on.follower?.state.state).toBe("following");
      expect(on.sent.length).toBe(1);
    },
  );

  it("follows nothing and leaves no timer behind when it has ended", async () => {
    const { stage: on } = await begin();
    await on.end();
    expect(on.clock.pendingTimers).toBe(0);
  });
});
