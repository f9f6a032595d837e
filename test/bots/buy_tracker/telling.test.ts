import { afterEach, describe, expect, it } from "vitest";
import { FakeChain } from "../../support/chain/fake-chain.ts";
import { TrackedStage } from "./tracked-stage.ts";

let stage: TrackedStage | undefined;
afterEach(async () => {
  await stage?.end();
});

async function begin(...chats: readonly number[]) {
  const chain = new FakeChain(10);
  stage = new TrackedStage(chain);
  stage.chats = chats;
  stage.start();
  await stage.pass();
  return { chain, stage };
}

const toldIn = ({ sent }: TrackedStage, chat: number): string[] =>
  sent
    .filter(({ chatId }) => chatId === chat)
    .map(({ kind, text }) => `${kind} ${text.split("\\\n")[0]}`);

describe("telling several chats", () => {
  it("goes on in the others where one chat does not even take what is to be said", async () => {
    const { chain, stage: on } = await begin(7, 8);
    on.stuck.add(7);
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    chain.mine(1, chain.buy("ben", 300));
    await on.pass();
    expect(toldIn(on, 8)).toEqual(["said **Buy: 400 TKN**", "said **Buy: 600 TKN**"]);
  });

  it("corrects what stands in the others meanwhile", async () => {
    const { chain, stage: on } = await begin(7, 8);
    chain.mine(1, chain.buy("anna", 200));
    await on.pass();
    on.stuck.add(7);
    chain.giveUp(1);
    chain.mine(6);
    await on.pass();
    expect(toldIn(on, 8)[1]).toMatch(/^edited .*vanished/);
    chain.mine(1, chain.buy("ben", 300));
    await on.pass();
    expect(toldIn(on, 8)[2]).toBe("said **Buy: 600 TKN**");
  });

  it("tries a chat again whose outbox refuses, and says so once", async () => {
    const { chain, stage: on } = await begin(7, 8);
    on.refusing.add(7);
    chain.mine(1, chain.buy("anna", 200));
    await on.pass(6_000);
    expect([toldIn(on, 7).length, toldIn(on, 8).length]).toEqual([0, 1]);
    expect(on.log.of("error").length).toBe(1);
    on.refusing.clear();
    await on.pass();
    expect(toldIn(on, 7)).toEqual(["said **Buy: 400 TKN**"]);
  });

  it("gathers what is bought while an earlier message of the same chat is still going out", async () => {
    const { chain, stage: on } = await begin(7, 8);
    const arrivals: ((ids: readonly number[]) => void)[] = [];
    on.messageIds = (chat) =>
      chat === 7
        ? new Promise((resolve) => {
            arrivals.push(resolve);
          })
        : Promise.resolve([on.sent.length]);
    for (const name of ["anna", "ben", "cleo"]) {
      chain.mine(1, chain.buy(name, 200));
      await on.pass();
    }
    expect([toldIn(on, 7).length, toldIn(on, 8).length]).toEqual([1, 3]);
    arrivals[0]?.([1]);
    await on.pass();
    expect(toldIn(on, 7)[1]).toContain("**2 buys: 800 TKN for 400 USDC**");
  });
});
