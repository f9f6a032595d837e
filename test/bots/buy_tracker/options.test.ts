import { describe, expect, it } from "vitest";
import { configuredWatches } from "../../../bots/buy_tracker/configured-watches.ts";
import { readTrackerOptions as read } from "../../../bots/buy_tracker/options.ts";
import { simulatedPools } from "../../../shared/chain/simulated/assets.ts";

const pool = "0xAAbbccddeeff00112233445566778899aabbccdd";
const chain = { name: "Base", chain_id: 8453, rpc: ["https://a.example/key"] };
const elsewhere = { sandbox: false, allowedUsers: [5] };

describe("the options of buy_tracker", () => {
  it.each([
    [{ chian: {} }, "bots.buy_tracker.options.chian: unknown key"],
    [{ chain: { ...chain, rpcs: [] } }, "bots.buy_tracker.options.chain.rpcs: unknown key"],
    [
      { chain: { ...chain, rpc: ["env:BASE_RPC"] } },
      "options.chain.rpc[0]: the variable BASE_RPC is not set",
    ],
    [
      { chain: { ...chain, rpc: ["ftp://x"] } },
      "options.chain.rpc[0]: needs an http or https address",
    ],
    [{ chain: { ...chain, rpc: [] } }, "options.chain.rpc: needs at least one address"],
    [{ chain, pools: [{ address: "0x12" }] }, "options.pools[0].address: needs an address"],
    [{ pools: [{ address: pool }] }, 'options.pools: needs a "chain"'],
    [{ chain, threshold: "1e3" }, "options.threshold: needs an amount"],
    [{ chain, threshold: -1 }, "options.threshold: needs an amount"],
  ])("%j are refused with the path", (options, problem) => {
    expect(() => read(options)).toThrow(problem);
  });

  it("never repeats an RPC address in an error", () => {
    const rpc = ["htps://host/secret"];
    expect(() => read({ chain: { ...chain, rpc } })).toThrow(/^(?!.*secret)/s);
  });

  it("make every post hear of every pool, unless it names one", () => {
    const other = "0x1111111111111111111111111111111111111111";
    const options = read({
      chain,
      pools: [{ address: pool }, { address: other }],
      threshold: 250.5,
      posts: [
        { chat: -100, topic: 4, threshold: "0.05" },
        { chat: -200, pool: other },
      ],
    });
    const low = pool.toLowerCase();
    expect(configuredWatches(options, elsewhere)).toEqual([
      { place: { chatId: -100, topicId: 4 }, pool: low, threshold: "0.05" },
      { place: { chatId: -100, topicId: 4 }, pool: other, threshold: "0.05" },
      { place: { chatId: -200 }, pool: other, threshold: "250.5" },
    ]);
  });

  it("let the sandbox's user hear of the simulated market, and nobody on Telegram", () => {
    const options = read({});
    expect(configuredWatches(options, elsewhere)).toEqual([]);
    expect(configuredWatches(options, { ...elsewhere, sandbox: true })).toEqual([
      { place: { chatId: 5 }, pool: simulatedPools[0]?.pool, threshold: "700" },
    ]);
  });
});
