import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Holdings } from "../../../bots/treasury/holdings/snapshot.ts";
import { readOptions } from "../../../bots/treasury/options.ts";
import { History } from "../../../bots/treasury/past/history.ts";
import { Treasury } from "../../../bots/treasury/treasury.ts";
import { Announcer } from "../../../bots/treasury/watch/announcer.ts";
import { WatchMemory } from "../../../bots/treasury/watch/watch-memory.ts";
import { SimulatedChain } from "../../../shared/chain/simulated/simulated-chain.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

/** A treasury on the simulated market, one life after the other, on one disk. */
export class TreasuryLives {
  readonly dir = mkdtempSync(join(tmpdir(), "treasury-"));
  readonly clock = new ManualClock(Date.parse("2026-01-10T08:00:00Z"));
  readonly told: { readonly key: string; readonly text: string }[] = [];
  readonly options: Record<string, unknown>;
  /** Whether the market passes for a real chain. */
  isReal = false;

  constructor(options: Record<string, unknown> = {}) {
    this.options = options;
  }

  /** The bot as it begins, with what its earlier lives left; what it says is said once per key, as the outbox does. */
  async begin(): Promise<Treasury> {
    const { clock, dir, told } = this;
    const log = recordingLog();
    const options = readOptions(this.options);
    const chain = new SimulatedChain(clock);
    if (this.isReal) Object.defineProperty(chain, "simulated", { value: false });
    const announcer = new Announcer([{ chatId: 5 }], async (_place, key, text) => {
      if (!told.some((each) => each.key === key)) told.push({ key, text });
      return { messageIds: Promise.resolve([1]) };
    });
    return new Treasury({
      chain,
      options,
      holdings: new Holdings(chain, options),
      history: await History.open({ path: join(dir, "history.json"), clock, log }),
      memory: await WatchMemory.open(join(dir, "watch.json"), clock, log),
      announcer,
      clock,
      random: () => 0.5,
      log,
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
