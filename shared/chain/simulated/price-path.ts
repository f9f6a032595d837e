import type { Reserves } from "../chain.ts";
import type { SimulatedPool } from "./assets.ts";
import { draw } from "./draw.ts";

/** Every so many blocks each pool sees a buy, so that nobody waits long for one. */
const sureBuyEvery = 5;
/** And every so many a large one. */
const largeBuyEvery = 20;
const burstEvery = 60;

/** How many trades a block has. A pure function, like everything here: any process sees the same market at any time. */
export function tradesIn(seed: string, poolIndex: number, block: number): number {
  if (block % burstEvery === 0) return 5;
  // The one before a sure buy brings the price down again, if need be.
  if (block % sureBuyEvery === 0 || (block + 1) % sureBuyEvery === 0) return 1;
  const chance = draw(seed, "trades", poolIndex, block);
  if (chance < 0.5) return 0;
  return chance < 0.9 ? 1 : 2;
}

/** The reserves of a pool after a trade of a block, or where it had none, after the last one before it. */
export function reservesAfter(
  seed: string,
  poolIndex: number,
  pool: SimulatedPool,
  block: number,
  trade: number,
): Reserves {
  let [number, index] = [block, trade];
  while (index < 0) {
    number -= 1;
    index = tradesIn(seed, poolIndex, number) - 1;
  }
  const height = 1 + swell(poolIndex, number) + ripple(seed, poolIndex, number, index);
  // Both are products of a fixed size: what a pair would do without fees. Those go out to its owners at once.
  const reserve1 = BigInt(Math.round(Number(pool.depth1) * Math.sqrt(height)));
  const product = fullReserve0(pool) * pool.depth1;
  return { reserve0: product / reserve1, reserve1 };
}

function fullReserve0({ depth1, token0, token1, averagePrice }: SimulatedPool): bigint {
  const millionths = BigInt(Math.round(averagePrice * 1_000_000));
  return (depth1 * 10n ** BigInt(token0.decimals - token1.decimals) * 1_000_000n) / millionths;
}

/** The slow waves of a price: a day, two hours, a quarter of an hour (of 3 s blocks). */
function swell(poolIndex: number, block: number): number {
  const shift = poolIndex * 0.37;
  return (
    0.12 * triangle(block / 28_800 + shift) +
    0.05 * triangle(block / 2_411 + shift) +
    0.02 * triangle(block / 307 + shift)
  );
}

/** What single trades do to it. A sure buy goes above everything that came before. */
function ripple(seed: string, poolIndex: number, block: number, trade: number): number {
  const noise = (draw(seed, "ripple", poolIndex, block, trade) - 0.5) * 0.006;
  if (block % sureBuyEvery !== 0) return noise;
  const base = block % largeBuyEvery === 0 ? 0.01 : 0.006;
  return base + noise / 6 + trade * 0.003;
}

/** Between -1 and 1, once up and down while `turns` grows by 1. Plain arithmetic: the same on every machine. */
function triangle(turns: number): number {
  return 4 * Math.abs(turns - Math.floor(turns) - 0.5) - 1;
}
