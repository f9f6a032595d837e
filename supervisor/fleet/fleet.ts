import type { Clock } from "../../shared/clock.ts";
import type { SupervisorMessage } from "../../shared/contract/ipc.ts";
import { errorMessage, OperationError, UsageError } from "../../shared/errors.ts";
import type { Log } from "../../shared/logger.ts";
import type { BotRole, BotView, FleetEvent } from "./bot-view.ts";
import { Child } from "./child.ts";
import type { ChildPorts } from "./process/ports.ts";
import type { RestartPolicy } from "./restart-policy.ts";

/** All bots of one supervisor, as the command line, the control API and the dashboard see them. */
export interface Fleet {
  /**
   * Starts main, then the others, without those that are to stay down; resolves when the last was started, which says
   * nothing about ready, or when the fleet is stopped.
   */
  start(staysDown?: (name: string) => boolean): Promise<void>;
  /**
   * Stops the auxiliary bots side by side, then main; resolves when nothing of any bot is left. Nothing can be started
   * afterwards. Called again with `force`, it kills whatever still runs at once.
   */
  stop(by: string, options?: { readonly force: boolean }): Promise<void>;
  list(): readonly BotView[];
  /** Tells every bot as it is now, then every change in order, until the returned function is called. */
  watch(watcher: (event: FleetEvent) => void): () => void;
  /** @throws UsageError for an unknown name; OperationError when the fleet stops or the bot is being removed */
  startBot(name: string, by: string): void;
  /** @throws UsageError for an unknown name */
  stopBot(name: string, by: string): Promise<void>;
  /** @throws UsageError for an unknown name; OperationError when the fleet stops or the bot is being removed */
  restartBot(name: string, by: string): Promise<void>;
  /** A bot that is new in the configuration; not started. @throws OperationError for a name that is taken */
  addBot(bot: FleetBot): void;
  /** Stops a bot, which nobody can start any more, and takes it out; resolves when nothing of it is left. @throws UsageError for an unknown name */
  removeBot(name: string, by: string): Promise<void>;
  /**
   * A bot's settings are other ones now: one that runs is restarted, one that waits is tried at once, one that is down
   * stays down. @throws UsageError for an unknown name
   */
  reconfigureBot(name: string, by: string): Promise<void>;
  /** Asks every bot for a sign of life; resolves, half a second later at most, when the views tell who is silent. */
  probe(): Promise<void>;
  /** To the bot's process, lost where none runs. @throws UsageError for an unknown name */
  tellBot(name: string, message: SupervisorMessage): void;
}

export interface FleetBot {
  readonly name: string;
  readonly role: BotRole;
  readonly ports: ChildPorts;
}

export interface FleetOptions {
  readonly bots: readonly FleetBot[];
  readonly policy: RestartPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /**
   * Main has ended and is not about to be started: it was stopped or given up. Its polling lock may go to somebody
   * else; main's next start asks `acquireLock` again. Also called when the fleet stops.
   */
  readonly onMainGone: (reason: string) => void;
}

/** Above this many bots the starts are spread, so that Telegram and the machine do not meet all of them at once. */
const startTogether = 20;
const startSpacingMs = 3_000;
/**
 * How long main may load before the others start: its users wait for it first, and on a small machine five programs
 * that load at once take twice as long, all of them. On two cores main alone polls after some 350 ms.
 */
const longestHeadStartMs = 1_000;

export function createFleet(options: FleetOptions): Fleet {
  return new ChildrenFleet(options);
}

class ChildrenFleet implements Fleet {
  private readonly options: FleetOptions;
  /** Main first. */
  private readonly children: Map<string, { role: BotRole; child: Child }>;
  private readonly watchers = new Set<(event: FleetEvent) => void>();
  private readonly stopped = new AbortController();
  /** On their way out: a process started now would run on with nobody who knows of it. */
  private readonly leaving = new Set<Child>();
  private mainGone = true;

  constructor(options: FleetOptions) {
    this.options = options;
    const inOrder = options.bots.toSorted((a, b) => rank(a.role) - rank(b.role));
    this.children = new Map(
      inOrder.map((bot) => [bot.name, { role: bot.role, child: this.createChild(bot) }]),
    );
  }

  async start(staysDown: (name: string) => boolean = () => false): Promise<void> {
    const { clock, log } = this.options;
    const spacingMs = this.children.size > startTogether ? startSpacingMs : 0;
    if (spacingMs > 0) log.info(`${this.children.size} bots: started ${spacingMs / 1_000} s apart`);
    let before: BotRole | undefined;
    for (const [name, { role, child }] of this.children) {
      if (staysDown(name)) continue;
      if (before === "main") await this.mainHasLoaded();
      if (before !== undefined && spacingMs > 0) {
        await clock.sleep(spacingMs, this.stopped.signal).catch(() => undefined);
      }
      if (this.stopped.signal.aborted) return;
      // Removed during the wait.
      if (this.leaving.has(child) || this.children.get(name)?.child !== child) continue;
      child.start("the supervisor");
      before = role;
    }
  }

  async stop(by: string, { force } = { force: false }): Promise<void> {
    this.stopped.abort();
    const all = [...this.children.values()];
    if (force) {
      await Promise.all(all.map(({ child }) => child.stop(by, { force })));
      return;
    }
    // Who else sends SIGTERM to us may have sent it to all bots too: main must not come back while the others stop.
    for (const { child } of all) child.retire(by);
    for (const role of ["auxiliary", "main"] as const) {
      const group = all.filter((bot) => bot.role === role);
      await Promise.all(group.map(({ child }) => child.stop(by, { force })));
    }
  }

  list(): readonly BotView[] {
    return [...this.children.values()].map(({ child }) => child.view());
  }

  watch(watcher: (event: FleetEvent) => void): () => void {
    for (const bot of this.list()) this.tell(watcher, { type: "bot", bot });
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  }

  startBot(name: string, by: string): void {
    const child = this.find(name);
    this.refuseWhenStopped(name);
    this.refuseWhenLeaving(name, child);
    child.start(by);
  }

  stopBot(name: string, by: string): Promise<void> {
    return this.find(name).stop(by, { force: false });
  }

  async restartBot(name: string, by: string): Promise<void> {
    const child = this.find(name);
    this.refuseWhenStopped(name);
    this.refuseWhenLeaving(name, child);
    await child.restart(by);
  }

  addBot(bot: FleetBot): void {
    this.refuseWhenStopped(bot.name);
    if (this.children.has(bot.name))
      throw new OperationError(`The fleet has a bot "${bot.name}" already.`);
    this.children.set(bot.name, { role: bot.role, child: this.createChild(bot) });
    const view = this.find(bot.name).view();
    this.publish({ type: "bot", bot: view });
  }

  async removeBot(name: string, by: string): Promise<void> {
    const child = this.find(name);
    this.leaving.add(child);
    await child.stop(by, { force: false });
    this.leaving.delete(child);
    if (this.children.delete(name)) this.publish({ type: "removed", name });
  }

  async reconfigureBot(name: string, by: string): Promise<void> {
    const child = this.find(name);
    this.refuseWhenStopped(name);
    const { state } = child.view();
    if (state === "starting" || state === "ready") await child.restart(by);
    else child.configurationChanged();
  }

  async probe(): Promise<void> {
    await Promise.all([...this.children.values()].map(({ child }) => child.probe()));
  }

  tellBot(name: string, message: SupervisorMessage): void {
    this.find(name).tell(message);
  }

  /** Resolves when main begins to poll (or waits for something), does not start any more, or has had its time. */
  private async mainHasLoaded(): Promise<void> {
    const enough = new AbortController();
    const unwatch = this.watch((event) => {
      if (event.type !== "bot" || event.bot.role !== "main") return;
      const { state, polling } = event.bot;
      const loads = state === "acquiring_lock" || state === "starting";
      const silent = polling.state === "stopped" || polling.state === "starting";
      if (!loads || !silent) enough.abort();
    });
    const signal = AbortSignal.any([enough.signal, this.stopped.signal]);
    await this.options.clock.sleep(longestHeadStartMs, signal).catch(() => undefined);
    unwatch();
  }

  private createChild({ name, role, ports }: FleetBot): Child {
    const { policy, clock, random, log } = this.options;
    const publish = (event: FleetEvent): void => {
      this.publish(event);
    };
    return new Child({ name, role, ports, policy, clock, random, log, publish });
  }

  private find(name: string): Child {
    const found = this.children.get(name);
    if (found !== undefined) return found.child;
    const known = [...this.children.keys()].join(", ");
    throw new UsageError(`There is no bot "${name}" in this fleet. It has: ${known}.`);
  }

  private refuseWhenStopped(name: string): void {
    if (!this.stopped.signal.aborted) return;
    throw new OperationError(
      `The fleet is stopping, so ${name} is not started. Start the supervisor again.`,
    );
  }

  private refuseWhenLeaving(name: string, child: Child): void {
    if (!this.leaving.has(child)) return;
    throw new OperationError(`${name} is being removed from the fleet, so it is not started.`);
  }

  private publish(event: FleetEvent): void {
    for (const watcher of this.watchers) this.tell(watcher, event);
    if (event.type === "bot" && event.bot.role === "main") this.noteMain(event.bot);
  }

  private noteMain({ state, reason }: BotView): void {
    const gone = state === "down" || state === "given_up";
    if (gone && !this.mainGone) this.options.onMainGone(reason);
    this.mainGone = gone;
  }

  /** A watcher's fault must not stop the fleet, nor the other watchers. */
  private tell(watcher: (event: FleetEvent) => void, event: FleetEvent): void {
    try {
      watcher(event);
    } catch (error) {
      this.options.log.error(`a watcher of the fleet failed: ${errorMessage(error)}`, { error });
    }
  }
}

function rank(role: BotRole): number {
  return role === "main" ? 0 : 1;
}
