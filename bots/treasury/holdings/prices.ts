import type { Ratio } from "../../../shared/chain/amounts/pool-math.ts";
import type { Address, Chain } from "../../../shared/chain/chain.ts";
import { ConfigurationError } from "../../../shared/errors.ts";
import type { TreasuryOptions } from "../options.ts";
import type { Asset, Price } from "./assets.ts";

export interface PriceQuestion {
  readonly chain: Chain;
  readonly options: TreasuryOptions;
  readonly assets: readonly Asset[];
  readonly unit: Asset | undefined;
  /** Number of the block after which. */
  readonly at: number;
  readonly signal: AbortSignal;
}

/** What each asset is worth in the unit, by the pools alone. @throws ChainError, ConfigurationError */
export async function readPrices(question: PriceQuestion): Promise<Map<Asset, Price>> {
  const { options, assets, unit } = question;
  if (unit === undefined) return new Map(assets.map((asset) => [asset, undefined]));
  const coin = options.coin_pool === undefined ? undefined : await readCoin(question, unit);
  const priced = assets.map(async (asset): Promise<[Asset, Price]> => {
    if (asset === unit) return [asset, { above: 1n, below: 1n }];
    if (asset.address === "coin" || asset.address === coin?.wrapped) return [asset, coin?.price];
    const pool = options.tokens[asset.label]?.pool;
    if (pool === undefined) return [asset, undefined];
    const { other, price } = await readPool(question, pool, asset.address, asset.label);
    if (other === unit.address) return [asset, price];
    if (coin === undefined || other !== coin.wrapped) throw strangePool(asset.label);
    return [asset, times(price, coin.price)];
  });
  return new Map(await Promise.all(priced));
}

export function valueOf(amount: bigint, price: Price): bigint | undefined {
  return price === undefined ? undefined : (amount * price.above) / price.below;
}

async function readCoin(question: PriceQuestion, unit: Asset) {
  const { options, chain, signal } = question;
  const pool = options.coin_pool;
  if (pool === undefined || unit.address === "coin") return undefined;
  const { token0, token1 } = await chain.pair(pool, signal);
  const wrapped = token0.address === unit.address ? token1.address : token0.address;
  const { other, price } = await readPool(question, pool, wrapped, "coin_pool");
  if (other !== unit.address) throw strangePool("coin_pool");
  return { wrapped, price };
}

/** What the pool pays for one smallest unit of a token, in smallest units of its other one. */
async function readPool(
  { chain, at, signal }: PriceQuestion,
  pool: Address,
  token: Address,
  label: string,
): Promise<{ other: Address; price: Price }> {
  const [{ token0, token1 }, { reserve0, reserve1 }] = await Promise.all([
    chain.pair(pool, signal),
    chain.reserves(pool, signal, at),
  ]);
  if (token !== token0.address && token !== token1.address) throw strangePool(label);
  const [own, theirs, other] =
    token === token0.address
      ? [reserve0, reserve1, token1.address]
      : [reserve1, reserve0, token0.address];
  return { other, price: own === 0n ? undefined : { above: theirs, below: own } };
}

function times(a: Price, b: Price): Ratio | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { above: a.above * b.above, below: a.below * b.below };
}

function strangePool(label: string): ConfigurationError {
  return new ConfigurationError(
    `The pool of ${label} in the options of treasury is none of it with the unit, nor with the wrapped coin of coin_pool. Name another pool, or leave it out.`,
  );
}
