import type { Address } from "../chain.ts";
import { simulatedTokens, simulatedWallets } from "./assets.ts";
import { digest, draw } from "./draw.ts";

/** In every so many blocks (two minutes) something comes in and later goes out again. */
const cycleBlocks = 40;
const inAt = 10;
const outAt = 30;

/** A movement of a simulated wallet. */
export interface Flow {
  readonly wallet: Address;
  readonly asset: Address | "coin";
  readonly amount: bigint;
  readonly direction: "in" | "out";
  readonly partner: Address;
  readonly transaction: `0x${string}`;
}

/** What moves in a block; undefined in most of them. */
export function flowIn(seed: string, block: number): Flow | undefined {
  const phase = block % cycleBlocks;
  if (phase !== inAt && phase !== outAt) return undefined;
  const direction = phase === inAt ? "in" : "out";
  return {
    ...cycleOf(seed, Math.floor(block / cycleBlocks)),
    direction,
    partner: `0xb${digest(seed, "partner", block).slice(0, 39)}`,
    transaction: `0xf${digest(seed, "flow", block).slice(0, 63)}`,
  };
}

/** What a simulated wallet has after a block: its stock, and what came in and has not gone out yet. */
export function walletBalance(
  seed: string,
  wallet: Address,
  asset: Address | "coin",
  block: number,
): bigint {
  const cycle = cycleOf(seed, Math.floor(block / cycleBlocks));
  const phase = block % cycleBlocks;
  const isAway = phase < inAt || phase >= outAt;
  const extra = cycle.wallet === wallet && cycle.asset === asset && !isAway ? cycle.amount : 0n;
  return stock(seed, wallet, asset) + extra;
}

function cycleOf(seed: string, cycle: number): Pick<Flow, "wallet" | "asset" | "amount"> {
  const assets = assetsHeld();
  const asset = assets[cycle % assets.length] ?? "coin";
  const parts = BigInt(5 + Math.floor(draw(seed, "flow", cycle) * 20));
  const wallet = simulatedWallets[cycle % 2 === 0 ? 0 : 1];
  // 5 to 25 of a hundred parts of the stock.
  return { wallet, asset, amount: (stock(seed, wallet, asset) * parts) / 100n };
}

function stock(seed: string, wallet: Address, asset: Address | "coin"): bigint {
  const token = simulatedTokens.find(({ address }) => address === asset);
  const [whole, decimals] =
    asset === "coin"
      ? [12, 18]
      : token === undefined
        ? [0, 0]
        : [sizeOf(token.symbol), token.decimals];
  const thousandths = 500 + Math.floor(draw(seed, "stock", wallet, asset) * 1_000);
  return (BigInt(whole) * BigInt(thousandths) * 10n ** BigInt(decimals)) / 1_000n;
}

function sizeOf(symbol: string): number {
  return { SIM: 80_000, sETH: 6, sUSD: 40_000 }[symbol] ?? 0;
}

function assetsHeld(): readonly (Address | "coin")[] {
  return ["coin", ...simulatedTokens.map(({ address }) => address)];
}
