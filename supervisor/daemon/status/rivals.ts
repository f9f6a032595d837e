import { isDeepStrictEqual } from "node:util";
import type { Cancel } from "../../../shared/clock.ts";
import type { FleetEvent } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import { findRival, type Rival, type RivalDeps } from "../../inquiry/rival/find-rival.ts";
import { botStatus } from "./compose-status.ts";

const troubles: ReadonlySet<string> = new Set(["conflict", "misconfigured", "waiting_for_guard"]);
/** It may be another one by now, or seen better. */
const lookAgainMs = 30_000;

export type RivalsOptions = Omit<RivalDeps, "ownPids">;

/** Who else polls our bots' tokens: looked for when a bot is in such trouble, and again while it lasts. */
export class Rivals {
  private readonly options: RivalsOptions;
  private readonly found = new Map<string, Rival>();
  /** Bots in trouble, with the look that comes next. */
  private readonly looks = new Map<string, Cancel>();
  private onChange: (name: string) => void = () => undefined;

  constructor(options: RivalsOptions) {
    this.options = options;
  }

  of(name: string): Rival | undefined {
    return this.found.get(name);
  }

  /**
   * @param onChange called when a bot has another rival than before, or none any more
   * @returns ends the watch
   */
  follow(fleet: Fleet, onChange: (name: string) => void): () => void {
    this.onChange = onChange;
    const unwatch = fleet.watch((event) => {
      this.onFleetEvent(event, fleet);
    });
    return () => {
      unwatch();
      for (const cancel of this.looks.values()) cancel();
      this.looks.clear();
    };
  }

  private onFleetEvent(event: FleetEvent, fleet: Fleet): void {
    if (event.type === "removed") this.calm(event.name);
    if (event.type !== "bot") return;
    const { name, polling } = event.bot;
    if (!troubles.has(polling.state)) this.calm(name);
    else if (!this.looks.has(name)) this.look(name, fleet);
  }

  private calm(name: string): void {
    this.looks.get(name)?.();
    this.looks.delete(name);
    if (this.found.delete(name)) this.onChange(name);
  }

  private look(name: string, fleet: Fleet): void {
    const { clock, log } = this.options;
    const again = clock.schedule(lookAgainMs, () => {
      this.look(name, fleet);
    });
    this.looks.set(name, again);
    this.inquire(name, fleet).catch((error: unknown) => {
      log.warn(`it could not be found out who else polls the token of ${name}`, { error });
    });
  }

  private async inquire(name: string, fleet: Fleet): Promise<void> {
    const views = fleet.list();
    const view = views.find((bot) => bot.name === name);
    if (view === undefined) return;
    const ownPids = [process.pid, ...views.flatMap(({ pid }) => pid ?? [])];
    const rival = await findRival(botStatus(view), { ...this.options, ownPids });
    if (!this.looks.has(name) || isDeepStrictEqual(rival, this.found.get(name))) return;
    if (rival === undefined) this.found.delete(name);
    else {
      this.found.set(name, rival);
      this.options.log.warn(`${name}: ${rival.who}; ${rival.doing}`);
    }
    this.onChange(name);
  }
}
