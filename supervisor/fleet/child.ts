import { isDeepStrictEqual } from "node:util";
import type { Cancel, Clock } from "../../shared/clock.ts";
import type { SupervisorMessage } from "../../shared/contract/ipc.ts";
import { errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/logger.ts";
import type { BotRole, BotView, FleetEvent } from "./bot-view.ts";
import type { ChildPorts } from "./process/ports.ts";
import { Runner } from "./process/runner.ts";
import type { RestartPolicy } from "./restart-policy.ts";
import {
  type ChildAction,
  type ChildEvent,
  type ChildTimer,
  newChildRecord,
} from "./state/child-record.ts";
import { step } from "./state/child-state.ts";

export interface ChildOptions {
  readonly name: string;
  readonly role: BotRole;
  readonly ports: ChildPorts;
  readonly policy: RestartPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  /** The supervisor's own. */
  readonly log: Log;
  /** Called after every change, in order. */
  readonly publish: (event: FleetEvent) => void;
}

/** Drives the state table of one bot: feeds it what happens, does what it says, shows what is. */
export class Child {
  private readonly options: ChildOptions;
  private record;
  private since: number;
  private nextTryAt: number | undefined;
  private published: BotView | undefined;
  private readonly queue: ChildEvent[] = [];
  private draining = false;
  private readonly timers = new Map<ChildTimer, Cancel>();
  private readonly settled: (() => void)[] = [];
  private lockAttempt: AbortController | undefined;
  private readonly runner: Runner;

  constructor(options: ChildOptions) {
    this.options = options;
    this.record = newChildRecord(options.ports.acquireLock !== undefined);
    this.since = options.clock.now();
    this.runner = new Runner({
      ...options,
      happened: (event) => {
        this.dispatch(event);
      },
      reported: () => {
        this.publishView();
      },
      sent: (chatId) => {
        options.publish({ type: "sent", name: options.name, chatId });
      },
      restartWanted: (bot, userId) => {
        options.publish({ type: "restart_wanted", name: options.name, bot, userId });
      },
      closed: () => {
        options.publish({ type: "closed", name: options.name });
        this.dispatch({ type: "stop", by: "close", force: false });
      },
    });
  }

  view(): BotView {
    const { name, role } = this.options;
    const { state, reason, restarts, crashes } = this.record;
    return {
      name,
      role,
      state,
      reason,
      since: this.since,
      ...this.runner.facts(),
      restarts,
      crashes,
      nextTryAt: this.nextTryAt,
    };
  }

  /** @param by who asks, in words for an operator */
  start(by: string): void {
    this.dispatch({ type: "start", by });
  }

  /** Resolves when the process and everything of it are gone (or at once, where nothing runs). */
  stop(by: string, options: { readonly force: boolean }): Promise<void> {
    this.dispatch({ type: "stop", by, force: options.force });
    return this.whenSettled();
  }

  /** Lost where no process runs. */
  tell(message: SupervisorMessage): void {
    this.runner.tell(message);
  }

  /** Resolves when the bot has answered, or is known not to. */
  probe(): Promise<void> {
    return this.runner.probe();
  }

  /** Resolves when the old process is gone and the new one is on its way. */
  restart(by: string): Promise<void> {
    this.dispatch({ type: "restart", by });
    return this.whenSettled();
  }

  /** It works on until `stop`, but is not started again should it end before. */
  retire(by: string): void {
    this.dispatch({ type: "retire", by });
  }

  /** A bot that waits or was given up is tried at once with the new configuration. */
  configurationChanged(): void {
    this.dispatch({ type: "configuration_changed" });
  }

  private whenSettled(): Promise<void> {
    return new Promise((resolve) => {
      // Asked from within `publish`, the event still waits its turn.
      if (this.draining || this.record.state === "stopping") this.settled.push(resolve);
      else resolve();
    });
  }

  /** Events that come out of actions wait until the actions of their step are done. */
  private dispatch(event: ChildEvent): void {
    this.queue.push(event);
    if (this.draining) return;
    this.draining = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        this.take(next);
      }
    } finally {
      this.draining = false;
    }
    if (this.record.state !== "stopping") for (const resolve of this.settled.splice(0)) resolve();
  }

  private take(event: ChildEvent): void {
    const { name, policy, clock, random, log } = this.options;
    const before = this.record;
    const { record, actions, impossible } = step(before, event, {
      policy,
      nowMs: clock.monotonic(),
      random,
    });
    if (impossible) {
      log.warn(`${name}: ${event.type} cannot happen in state ${before.state}; ignored`);
      return;
    }
    this.record = record;
    if (record.state !== before.state) {
      this.since = clock.now();
      // For people: the timer itself runs on the clock that only grows.
      this.nextTryAt =
        record.nextTryMs === undefined
          ? undefined
          : Math.round(clock.now() + record.nextTryMs - clock.monotonic());
      this.logTransition(before.state);
    }
    for (const action of actions) this.perform(action);
    if (record !== before) this.publishView();
  }

  private logTransition(from: string): void {
    const { name, log } = this.options;
    const { state, reason, ending } = this.record;
    const unasked =
      ending !== undefined && ending.kind !== "stop_asked" && ending.kind !== "restart_asked";
    const level =
      state === "given_up" ? "error" : state === "backing_off" || unasked ? "warn" : "info";
    log[level](`${name}: ${from} -> ${state}: ${reason}`, {
      nextTry: this.nextTryAt === undefined ? undefined : new Date(this.nextTryAt).toISOString(),
    });
  }

  private perform(action: ChildAction): void {
    switch (action.type) {
      case "acquire_lock":
        this.acquireLock();
        break;
      case "abandon_lock":
        this.lockAttempt?.abort();
        break;
      case "spawn":
        this.runner.spawn();
        break;
      case "ask_stop":
        this.runner.askToStop(action.reason);
        break;
      case "kill":
        this.runner.kill();
        break;
      case "sweep":
        this.runner.sweep();
        break;
      case "schedule":
        this.cancelTimer(action.timer);
        this.timers.set(
          action.timer,
          this.options.clock.schedule(action.afterMs, () => {
            this.timers.delete(action.timer);
            this.dispatch({ type: action.timer });
          }),
        );
        break;
      case "cancel":
        this.cancelTimer(action.timer);
        break;
      case "announce": {
        const { name, publish } = this.options;
        this.publishView();
        publish({ type: "announcement", name, what: action.what, reason: action.reason });
        break;
      }
    }
  }

  private cancelTimer(timer: ChildTimer): void {
    this.timers.get(timer)?.();
    this.timers.delete(timer);
  }

  private acquireLock(): void {
    const attempt = new AbortController();
    this.lockAttempt = attempt;
    void this.tryLock(attempt.signal);
  }

  private async tryLock(signal: AbortSignal): Promise<void> {
    let outcome: ChildEvent = { type: "lock_acquired" };
    try {
      await this.options.ports.acquireLock?.(signal);
    } catch (error) {
      outcome = { type: "lock_unavailable", reason: errorMessage(error) };
    }
    if (!signal.aborted) this.dispatch(outcome);
  }

  private publishView(): void {
    const view = this.view();
    if (isDeepStrictEqual(view, this.published)) return;
    this.published = view;
    this.options.publish({ type: "bot", bot: view });
  }
}
