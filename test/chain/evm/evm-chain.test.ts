import { describe, expect, it } from "vitest";
import type { Address, Hash } from "../../../shared/chain/chain.ts";
import { EvmChain } from "../../../shared/chain/evm/evm-chain.ts";
import type { RpcCall } from "../../../shared/chain/evm/rpc-endpoint.ts";

const { signal } = new AbortController();
const wallet: Address = `0x${"a".repeat(40)}`;
const hash = (digit: string): Hash => `0x${digit.repeat(64)}`;
const facts = {
  id: "1",
  name: "Fake",
  coin: { symbol: "ETH", decimals: 18 },
  blockTimeMs: 2_000,
  explorer: undefined,
};

/** A chain whose RPC gives these answers, by method. */
function chainOf(answers: Readonly<Record<string, unknown>>): EvmChain {
  return new EvmChain(facts, {
    ask: async <Value>({ method }: RpcCall, read: (answer: unknown) => Value) =>
      read(answers[method]),
  });
}

describe("a chain that speaks JSON-RPC", () => {
  const transaction = { hash: hash("7"), from: `0x${"b".repeat(40)}`, to: wallet, value: "0x5" };
  const block = { number: 3, hash: hash("3") };
  const moved = { block, transaction: hash("7"), from: transaction.from, to: wallet, amount: 5n };

  it.each([
    ["that succeeded", "0x1", [moved]],
    ["that failed", "0x0", []],
  ] as const)("tells a transfer of coins by a transaction %s as it is", async (_, status, told) => {
    const chain = chainOf({
      eth_getBlockByHash: { transactions: [transaction] },
      eth_getTransactionReceipt: { status },
    });
    expect(await chain.coinTransfers([wallet], block, signal)).toEqual(told);
  });

  it("does not take a transaction whose receipt is not there yet for a failed one", async () => {
    const chain = chainOf({
      eth_getBlockByHash: { transactions: [transaction] },
      eth_getTransactionReceipt: null,
    });
    await expect(chain.coinTransfers([wallet], block, signal)).rejects.toMatchObject({
      trouble: "not_there",
    });
  });
});
