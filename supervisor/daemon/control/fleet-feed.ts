import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { FleetStatus } from "../../../shared/contract/fleet-status.ts";
import type { ProcessIdentity } from "../../../shared/process/identity.ts";
import type { Change, FleetPicture, PictureBot, Usage } from "../../control/contract/picture.ts";
import type { FleetEvent } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import { botStatus } from "../status/compose-status.ts";
import type { UsageMeter } from "../status/usage-meter.ts";

export interface FleetFeedOptions {
  readonly fleet: Pick<Fleet, "list" | "probe" | "watch">;
  readonly status: () => FleetStatus;
  readonly meter: UsageMeter;
  /** Who else polls a bot's token, where that is known. */
  readonly rivalOf: (name: string) => PictureBot["rival"];
  readonly clock: Clock;
}

/** While somebody looks: whether bots answer, and what they use. */
const lookEveryMs = 2_000;
/** While nobody does: the base of the next look's CPU shares, and what a scrape of the metrics finds. */
const restingLookEveryMs = 15_000;
/** Two who look at once share one look. */
const freshForMs = 1_000;
const supervisorKey = "";

/** The fleet as the control API shows it: the picture of one moment, and every change of it while somebody watches. */
export class FleetFeed {
  private readonly options: FleetFeedOptions;
  private readonly watchers = new Set<(change: Change) => void>();
  private readonly unwatch: () => void;
  private cancelLook: Cancel = () => undefined;

  constructor(options: FleetFeedOptions) {
    this.options = options;
    this.unwatch = options.fleet.watch((event) => {
      this.onFleetEvent(event);
    });
    this.look();
  }

  /** Every bot was asked for a sign of life before it resolves. */
  async picture(): Promise<FleetPicture> {
    await this.options.fleet.probe();
    this.measure(freshForMs);
    return this.compose();
  }

  /** The same without asking the bots: what is known anyway. */
  glance(): FleetPicture {
    this.measure(freshForMs);
    return this.compose();
  }

  watch(watcher: (change: Change) => void): () => void {
    watcher({ type: "snapshot", fleet: this.compose() });
    this.watchers.add(watcher);
    if (this.watchers.size === 1) this.look();
    return () => {
      this.watchers.delete(watcher);
    };
  }

  tell(change: Change): void {
    for (const watcher of this.watchers) watcher(change);
  }

  /** Something about a bot that the fleet does not know of has changed. */
  changed(name: string): void {
    const bot = this.options.fleet.list().find((view) => view.name === name);
    if (bot !== undefined) this.onFleetEvent({ type: "bot", bot });
  }

  close(): void {
    this.unwatch();
    this.cancelLook();
    this.watchers.clear();
  }

  private onFleetEvent(event: FleetEvent): void {
    if (this.watchers.size === 0) return;
    if (event.type === "bot") this.tell({ type: "bot", bot: this.shown(botStatus(event.bot)) });
    else if (event.type === "removed") this.tell(event);
    else if (event.type === "announcement") {
      const { name, what, reason } = event;
      this.tell({ type: "news", at: this.options.clock.now(), name, what, reason });
    }
  }

  private look(): void {
    this.cancelLook();
    const isWatched = this.watchers.size > 0;
    this.measure(freshForMs);
    if (isWatched) {
      void this.options.fleet.probe();
      this.tellUsage();
    }
    this.cancelLook = this.options.clock.schedule(
      isWatched ? lookEveryMs : restingLookEveryMs,
      () => {
        this.look();
      },
    );
  }

  private measure(everyMs: number): void {
    const { supervisor, bots } = this.options.status();
    const roots = new Map<string, ProcessIdentity>([[supervisorKey, supervisor]]);
    for (const { name, identity } of bots) if (identity !== undefined) roots.set(name, identity);
    this.options.meter.look(roots, everyMs);
  }

  private tellUsage(): void {
    const { fleet, meter } = this.options;
    const bots: Record<string, Usage> = {};
    for (const { name } of fleet.list()) {
      const usage = meter.of(name);
      if (usage !== undefined) bots[name] = usage;
    }
    const supervisor = meter.of(supervisorKey);
    this.tell({ type: "usage", bots, ...(supervisor === undefined ? {} : { supervisor }) });
  }

  private compose(): FleetPicture {
    const status = this.options.status();
    const usage = this.options.meter.of(supervisorKey);
    return {
      ...status,
      ...(usage === undefined ? {} : { usage }),
      bots: status.bots.map((bot) => this.shown(bot)),
    };
  }

  private shown(bot: FleetStatus["bots"][number]): PictureBot {
    const { meter, rivalOf } = this.options;
    const usage = bot.pid === undefined ? undefined : meter.of(bot.name);
    const rival = rivalOf(bot.name);
    return {
      ...bot,
      ...(usage === undefined ? {} : { usage }),
      ...(rival === undefined ? {} : { rival }),
    };
  }
}
