import type { Block, Chain } from "../../../shared/chain/chain.ts";
import { ChainError, passes } from "../../../shared/chain/chain-error.ts";
import type { TreasuryOptions, WalletOption } from "../options.ts";
import { type Asset, AssetList, type Price } from "./assets.ts";
import { readPrices, valueOf } from "./prices.ts";

export interface Holding {
  readonly asset: Asset;
  /** In the order of the configured wallets. */
  readonly perWallet: readonly { readonly wallet: WalletOption; readonly amount: bigint }[];
  readonly total: bigint;
  readonly price: Price;
  /** Smallest units of the unit; undefined where nothing prices it. */
  readonly value: bigint | undefined;
}

/** What the treasury holds after one block, all of it at that block. */
export interface Snapshot {
  readonly block: number;
  readonly atMs: number;
  readonly holdings: readonly Holding[];
  /** Of everything that has a price. */
  readonly value: bigint;
  readonly unit: Asset | undefined;
}

/** What each asset was worth after a block, or is worth today where the chain has forgotten that. */
export interface PricesThen {
  readonly block: number;
  readonly prices: ReadonlyMap<Asset, Price>;
  readonly isToday: boolean;
}

/** Reads what the wallets hold. Rejects with a ChainError while the chain cannot be asked. */
export class Holdings {
  readonly assets: AssetList;
  private readonly chain: Chain;
  private readonly options: TreasuryOptions;

  constructor(chain: Chain, options: TreasuryOptions) {
    this.chain = chain;
    this.options = options;
    this.assets = new AssetList(chain, options);
  }

  async read({ number, timestampMs }: Block, signal: AbortSignal): Promise<Snapshot> {
    const assets = await this.assets.all(signal);
    const unit = await this.assets.unit(signal);
    const [prices, amounts] = await Promise.all([
      this.prices(number, signal),
      Promise.all(assets.map((asset) => this.amountsOf(asset, number, signal))),
    ]);
    const holdings = assets.map((asset, index): Holding => {
      const perWallet = amounts[index] ?? [];
      const total = perWallet.reduce((sum, { amount }) => sum + amount, 0n);
      const price = prices.get(asset);
      return { asset, perWallet, total, price, value: valueOf(total, price) };
    });
    const value = holdings.reduce((sum, holding) => sum + (holding.value ?? 0n), 0n);
    return { block: number, atMs: timestampMs, holdings, value, unit };
  }

  async pricesAfter(block: number, signal: AbortSignal): Promise<PricesThen> {
    try {
      return { block, prices: await this.prices(block, signal), isToday: false };
    } catch (error) {
      // Forgotten, or of before the pool: what asking again does not mend.
      if (!(error instanceof ChainError) || passes(error)) throw error;
    }
    const { number } = await this.chain.head(signal);
    return { block, prices: await this.prices(number, signal), isToday: true };
  }

  private async prices(at: number, signal: AbortSignal): Promise<Map<Asset, Price>> {
    const { chain, options } = this;
    const assets = await this.assets.all(signal);
    const unit = await this.assets.unit(signal);
    return readPrices({ chain, options, assets, unit, at, signal });
  }

  private amountsOf(asset: Asset, at: number, signal: AbortSignal): Promise<Holding["perWallet"]> {
    return Promise.all(
      this.options.wallets.map(async (wallet) => ({
        wallet,
        amount: await this.chain.balance(wallet.address, asset.address, signal, at),
      })),
    );
  }
}
