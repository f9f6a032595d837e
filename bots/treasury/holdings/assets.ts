import { exactAmount, parseAmount } from "../../../shared/chain/amounts/format-amount.ts";
import type { Ratio } from "../../../shared/chain/amounts/pool-math.ts";
import type { Address, Chain, Token } from "../../../shared/chain/chain.ts";
import { ConfigurationError } from "../../../shared/errors.ts";
import type { TreasuryOptions } from "../options.ts";

/** Something a wallet can hold. */
export interface Asset {
  /** What the operator calls it; the chain's coin goes by its symbol. */
  readonly label: string;
  readonly address: Address | "coin";
  readonly decimals: number;
}

/** Smallest units of the unit for one smallest unit of an asset; undefined where nothing prices it. */
export type Price = Ratio | undefined;

/** What the operator's words are on the chain: asked once, when the chain first answers. */
export class AssetList {
  private readonly chain: Chain;
  private readonly options: TreasuryOptions;
  private known: readonly Asset[] | undefined;

  constructor(chain: Chain, options: TreasuryOptions) {
    this.chain = chain;
    this.options = options;
  }

  /** The coin first. @throws ChainError */
  async all(signal: AbortSignal): Promise<readonly Asset[]> {
    if (this.known !== undefined) return this.known;
    const { symbol, decimals } = this.chain.coin;
    const tokens = await Promise.all(
      Object.entries(this.options.tokens).map(async ([label, { address }]): Promise<Asset> => {
        const token: Token = await this.chain.token(address, signal);
        return { label, address, decimals: token.decimals };
      }),
    );
    const coin: Asset = { label: symbol, address: "coin", decimals };
    this.known = [coin, ...tokens];
    return this.known;
  }

  /** The asset in which values are told. */
  async unit(signal: AbortSignal): Promise<Asset | undefined> {
    const { unit } = this.options;
    return (await this.all(signal)).find(
      ({ label, address }) => label === unit && address !== "coin",
    );
  }
}

/**
 * An amount of the configuration in smallest units.
 * @throws ConfigurationError where it has more digits than the asset
 */
export function unitsOf(text: string, { label, decimals }: Asset): bigint {
  const amount = parseAmount(text, decimals);
  if (amount === undefined)
    throw new ConfigurationError(
      `${text} ${label} in the options of treasury has more than ${decimals} digits behind the point (the smallest amount is ${exactAmount(1n, decimals)}). Correct fleet.yaml.`,
    );
  return amount;
}
