import { describe, expect, it } from "vitest";
import { inPieces } from "../../../shared/chain/follow/in-pieces.ts";
import { nextStep, type Step } from "../../../shared/chain/follow/next-step.ts";
import {
  extended,
  shortened,
  type Trail,
  trailLength,
} from "../../../shared/chain/follow/trail.ts";
import { FakeChain, fakePool } from "../../support/chain/fake-chain.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const { signal } = new AbortController();

/** Follows until there is nothing new; returns the steps in words, and the trail. */
async function follow(
  chain: FakeChain,
  start: Trail,
  confirmations = 1,
): Promise<{ trail: Trail; steps: string[] }> {
  let trail = start;
  const steps: string[] = [];
  for (;;) {
    const step = await nextStep(chain, trail, { confirmations }, signal);
    if (step.kind === "wait") return { trail, steps };
    trail = after(trail, step);
    steps.push(inWords(step));
  }
}

function after(trail: Trail, step: Step): Trail {
  if (step.kind === "back") return shortened(trail, step.gone);
  if (step.kind === "wait") return trail;
  return extended(trail, step.kind === "stretch" ? step.last : step.block);
}

function inWords(step: Step): string {
  if (step.kind === "wait") return "wait";
  if (step.kind === "back") return `back ${step.gone.map(({ number }) => number).join()}`;
  if (step.kind === "stretch") return `stretch ${step.first}-${step.last.number}`;
  return `${step.kind} ${step.block.number}`;
}

describe("following a chain", () => {
  it("begins at the newest block and goes on one by one", async () => {
    const chain = new FakeChain(10);
    const { trail, steps } = await follow(chain, []);
    expect(steps).toEqual(["begin 9"]);
    chain.mine(3);
    expect((await follow(chain, trail)).steps).toEqual(["block 10", "block 11", "block 12"]);
  });

  it("waits for confirmations", async () => {
    const chain = new FakeChain(10);
    const { trail, steps } = await follow(chain, [], 4);
    expect(steps).toEqual(["begin 6"]);
    chain.mine(1);
    expect((await follow(chain, trail, 4)).steps).toEqual(["block 7"]);
  });

  it("takes many old blocks at once, and the newest 64 singly", async () => {
    const chain = new FakeChain(10);
    const { trail } = await follow(chain, []);
    chain.mine(5_000);
    const { steps } = await follow(chain, trail);
    expect(steps.slice(0, 4)).toEqual([
      "stretch 10-2009",
      "stretch 2010-4009",
      "stretch 4010-4945",
      "block 4946",
    ]);
    expect(steps.at(-1)).toBe("block 5009");
  });

  it.each([
    { gone: 1, mined: 1 },
    { gone: 1, mined: 2 },
    { gone: 5, mined: 5 },
    { gone: 5, mined: 9 },
    { gone: 60, mined: 200 },
  ])(
    "goes back $gone blocks that were given up, when $mined others are there",
    async ({ gone, mined }) => {
      const chain = new FakeChain(10);
      let { trail } = await follow(chain, []);
      chain.mine(100);
      ({ trail } = await follow(chain, trail));
      chain.giveUp(gone);
      chain.mine(mined);
      const { steps, trail: now } = await follow(chain, trail);
      const first = 110 - gone;
      expect(steps[0]).toBe(
        `back ${Array.from({ length: gone }, (_, index) => first + index).join()}`,
      );
      expect(now.at(-1)).toMatchObject({ number: first + mined - 1 });
    },
  );

  it("waits while the chain is shorter than before", async () => {
    const chain = new FakeChain(10);
    const { trail } = await follow(chain, []);
    chain.giveUp(3);
    expect((await follow(chain, trail)).steps).toEqual([]);
  });

  it("refuses a chain that was begun anew", async () => {
    const { trail } = await follow(new FakeChain(200), []);
    await expect(follow(new FakeChain(20), trail)).rejects.toMatchObject({ trouble: "refused" });
  });

  it("forgets old blocks, and goes on when all that it remembers is gone", async () => {
    const chain = new FakeChain(10);
    let { trail } = await follow(chain, []);
    for (let round = 0; round < 4; round += 1) {
      chain.mine(60);
      ({ trail } = await follow(chain, trail));
    }
    expect(trail.length).toBe(trailLength);
    chain.giveUp(200);
    chain.mine(250);
    const { steps, trail: now } = await follow(chain, trail);
    expect(steps[0]?.split(",").length).toBe(trailLength);
    expect(now.at(-1)).toMatchObject({ number: 299 });
  });

  it("always ends with the chain as it is, whatever was given up", async () => {
    const random = seededRandom(9);
    const chain = new FakeChain(5);
    let { trail } = await follow(chain, []);
    for (let round = 0; round < 300; round += 1) {
      const depth = Math.floor(random() * 6);
      if (random() < 0.5 && (await chain.head()).number > depth + 5) chain.giveUp(depth);
      chain.mine(1 + Math.floor(random() * 8));
      ({ trail } = await follow(chain, trail));
      const head = await chain.head();
      if ((trail.at(-1)?.number ?? 0) > head.number) continue;
      for (const { number, hash } of trail) expect((await chain.block(number))?.hash).toBe(hash);
    }
  });
});

describe("a long stretch", () => {
  it("is asked for in as many pieces as the other side wants", async () => {
    const chain = new FakeChain(1);
    for (let block = 0; block < 100; block += 1) chain.mine(1, chain.buy("anna", block + 1));
    chain.longestSpan = 7;
    const swaps = await inPieces(1, 100, (first, last) => chain.swaps([fakePool], { first, last }));
    expect(swaps.map(({ block }) => block.number)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it("is told to be too much where one block is", async () => {
    const chain = new FakeChain(5);
    chain.longestSpan = 0;
    await expect(
      inPieces(1, 4, (first, last) => chain.swaps([fakePool], { first, last })),
    ).rejects.toMatchObject({
      trouble: "too_much",
    });
  });
});
