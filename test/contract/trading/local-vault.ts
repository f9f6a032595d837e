import type { Address } from "../../../shared/chain/chain.ts";
import { Anvil } from "../../support/chain/anvil.ts";
import { CutLine } from "../../support/chain/cut-line.ts";
import { coin, LocalMarket } from "../../support/chain/local-market.ts";
import { Lives } from "./lives.ts";

export const vault: Address = "0x7a017a017a017a017a017a017a017a017a017a01";

/** A real chain, a wallet on it, and a treasury that looks after it. One TKN is half a USDX there. */
export class LocalVault {
  readonly anvil: Anvil;
  readonly market: LocalMarket;
  readonly line: CutLine;
  readonly lives: Lives;

  private constructor(anvil: Anvil, market: LocalMarket, line: CutLine, lives: Lives) {
    this.anvil = anvil;
    this.market = market;
    this.line = line;
    this.lives = lives;
  }

  static async open(): Promise<LocalVault> {
    const anvil = await Anvil.start();
    const market = await LocalMarket.deploy(anvil);
    const line = await CutLine.open(anvil.url);
    await anvil.ask("anvil_impersonateAccount", vault);
    await anvil.ask("anvil_setBalance", vault, `0x${(2n * coin).toString(16)}`);
    const lives = await Lives.open("treasury", {
      chain: { name: "Local", chain_id: 31_337, rpc: [line.url], block_time_seconds: 0.5 },
      wallets: [{ name: "Vault", address: vault, low: { coin: "1" } }],
      tokens: { TKN: { address: market.base, pool: market.pair }, USDX: { address: market.quote } },
      unit: "USDX",
      transfers_from: 100,
      check_seconds: 1,
      confirmations: 1,
    });
    const found = new LocalVault(anvil, market, line, lives);
    lives.start();
    await lives.bot.printed(/watching the wallets from here/);
    return found;
  }

  /** Mined at once. */
  async pay(wholeTkn: bigint): Promise<void> {
    await this.market.transfer(this.market.base, vault, wholeTkn * coin);
    await this.anvil.mine();
  }

  async payCoin(from: Address, to: Address, amount: bigint): Promise<void> {
    await this.anvil.ask("eth_sendTransaction", { from, to, value: `0x${amount.toString(16)}` });
    await this.anvil.mine();
  }

  async close(): Promise<void> {
    await this.lives.close();
    await this.line.close();
    await this.anvil.stop();
  }
}
