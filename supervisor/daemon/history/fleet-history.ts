import { join } from "node:path";
import { z } from "zod";
import type { Cancel, Clock } from "../../../shared/clock.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { readJsonFile } from "../../../shared/storage/json-file.ts";
import { type History, minutesSchema } from "../../control/contract/history.ts";
import type { Order } from "../../control/contract/orders.ts";
import type { BotView } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import { BotHistory, everyMs, keptMinutes } from "./bot-history.ts";

export interface FleetHistoryOptions {
  readonly stateDir: string;
  readonly fleet: Pick<Fleet, "list" | "watch">;
  /** What a bot's processes use now, in bytes, where that is known. */
  readonly memoryOf: (name: string) => number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const storedSchema = z.object({ version: z.literal(1), bots: minutesSchema });

const sampleEveryMs = 15_000;
/** A kill loses so much of the charts, and nothing else. */
const saveEverySamples = 20;

/** The fleet's last hours, for charts: bounded, kept over restarts. Has one owner, who closes it. */
export class FleetHistory {
  private readonly options: FleetHistoryOptions;
  private readonly path: string;
  private readonly bots: Map<string, BotHistory>;
  private readonly unwatch: () => void;
  private cancelSample: Cancel = () => undefined;
  private samples = 0;
  private saving: Promise<void> = Promise.resolve();
  private saveFails = false;

  private constructor(options: FleetHistoryOptions, path: string, bots: Map<string, BotHistory>) {
    this.options = options;
    this.path = path;
    this.bots = bots;
    this.unwatch = options.fleet.watch((event) => {
      if (event.type === "bot") this.take(event.bot);
      else if (event.type === "removed") this.bots.delete(event.name);
    });
    this.sampleLater();
  }

  static async open(options: FleetHistoryOptions): Promise<FleetHistory> {
    const { stateDir, clock, log } = options;
    const path = join(stateDir, "supervisor", "history.json");
    const stored = await readJsonFile(path, storedSchema, log, clock);
    const bots = Object.entries(stored?.bots ?? {}).map(([name, minutes]) => {
      return [name, new BotHistory(minutes)] as const;
    });
    return new FleetHistory(options, path, new Map(bots));
  }

  read({ since = 0 }: Order<"history">): History {
    const now = this.options.clock.now();
    const bots = this.options.fleet.list().map(({ name }) => {
      return [name, this.bots.get(name)?.since(since, now) ?? []] as const;
    });
    return { now, everyMs, kept: keptMinutes, bots: Object.fromEntries(bots) };
  }

  async close(): Promise<void> {
    this.unwatch();
    this.cancelSample();
    await this.save();
  }

  private take({ name, intake, errors, polling }: BotView): void {
    // A bot tells its errors before it tells what it does.
    const hasSpoken = polling.state !== "starting" && polling.state !== "stopped";
    const figures = {
      handled: intake?.handled,
      errors: hasSpoken ? errors : undefined,
      waiting: intake?.depth ?? 0,
    };
    this.historyOf(name).take(figures, this.options.clock.now());
  }

  private sampleLater(): void {
    this.cancelSample = this.options.clock.schedule(sampleEveryMs, () => {
      this.sample();
      this.sampleLater();
    });
  }

  private sample(): void {
    const { fleet, memoryOf, clock } = this.options;
    for (const { name, pid } of fleet.list()) {
      const bytes = pid === undefined ? undefined : memoryOf(name);
      if (bytes !== undefined) this.historyOf(name).takeMemory(bytes, clock.now());
    }
    this.samples += 1;
    if (this.samples % saveEverySamples === 0) void this.save();
  }

  private historyOf(name: string): BotHistory {
    let history = this.bots.get(name);
    if (history === undefined) {
      history = new BotHistory([]);
      this.bots.set(name, history);
    }
    return history;
  }

  /** One write after the other. Never rejects: charts must not take a fleet down. */
  private save(): Promise<void> {
    this.saving = this.saving.then(() => this.write());
    return this.saving;
  }

  private async write(): Promise<void> {
    const { log } = this.options;
    const stored: z.infer<typeof storedSchema> = { version: 1, bots: this.read({}).bots };
    try {
      await writeFileAtomic(this.path, `${JSON.stringify(stored)}\n`);
      this.saveFails = false;
    } catch (error) {
      if (!this.saveFails) {
        log.warn("the charts' figures cannot be saved; they go on in memory", {
          file: this.path,
          cause: errorMessage(error),
        });
      }
      this.saveFails = true;
    }
  }
}
