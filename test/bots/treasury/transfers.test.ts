import { describe, expect, it } from "vitest";
import { readOptions } from "../../../bots/treasury/options.ts";
import { movementsIn } from "../../../bots/treasury/watch/transfers.ts";
import type { Address } from "../../../shared/chain/chain.ts";
import { FakeChain } from "../../support/chain/fake-chain.ts";

const { signal } = new AbortController();
const wallet: Address = `0x${"a".repeat(40)}`;
const token: Address = `0x${"1".repeat(40)}`;
const chain = { name: "Fake", chain_id: 1, rpc: ["https://rpc.example"] };
const options = readOptions({
  chain,
  wallets: [{ name: "Vault", address: wallet }],
  tokens: { TKN: { address: token } },
});

/** Its tokens moved by nothing and by five, in its newest block. */
class PaidChain extends FakeChain {
  missing = -1;

  override async block(number: number) {
    return number === this.missing ? undefined : super.block(number);
  }

  override async tokenTransfers() {
    const block = await this.head();
    return [0n, 5n].map((amount, logIndex) => ({
      token,
      from: wallet,
      to: wallet,
      amount,
      transaction: "0x1" as const,
      block,
      logIndex,
    }));
  }
}

describe("what moved in the wallets", () => {
  it("leaves out transfers of nothing: anybody can make those, in anybody's name", async () => {
    const paid = new PaidChain(10);
    const moved = await movementsIn(paid, options, 9, await paid.head(), signal);
    expect(moved.map(({ amount }) => amount)).toEqual([5n]);
  });

  it("is not told while a block of it cannot be seen", async () => {
    const paid = new PaidChain(10);
    paid.missing = 7;
    const moved = movementsIn(paid, options, 5, await paid.head(), signal);
    await expect(moved).rejects.toMatchObject({ trouble: "not_there" });
  });
});
