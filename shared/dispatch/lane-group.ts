import { setMaxListeners } from "node:events";
import type { Cancel, Clock } from "../clock.ts";

/** One piece of work in a lane. */
export interface LaneTask {
  /** Which lane: the conversation. */
  readonly key: string;
  /**
   * Never rejects. Resolves to undefined when the lane may go on, or to the milliseconds after which it wants to
   * run again, before anything behind it. Ends soon after the signal aborts.
   */
  run(signal: AbortSignal): Promise<number | undefined>;
}

export interface LaneGroupOptions {
  readonly clock: Clock;
  /** How many tasks run at once. */
  readonly concurrency: number;
  /** How many of one lane; 1 keeps their order to the end of each. */
  readonly perLane: number;
  /** A task has ended for good. */
  readonly onEnd: () => void;
}

interface Lane {
  readonly key: string;
  readonly queue: LaneTask[];
  /** Running, or waiting to run again. */
  busy: number;
  isReady: boolean;
}

/**
 * Lanes under one cap. Tasks of a lane start in the order they came; lanes take turns, one task each. A task that waits
 * to run again keeps its place in the lane but not its place under the cap. A lane exists while it has work.
 */
export class LaneGroup {
  private readonly options: LaneGroupOptions;
  private readonly lanes = new Map<string, Lane>();
  private readonly ready: Lane[] = [];
  private readonly waits = new Set<Cancel>();
  private readonly controller = new AbortController();
  private readonly idle: (() => void)[] = [];
  private isStopped = false;
  private active = 0;

  constructor(options: LaneGroupOptions) {
    this.options = options;
    // Every running task listens; they are bounded by the cap, not by Node's guess of what is a leak.
    setMaxListeners(0, this.controller.signal);
  }

  get running(): number {
    return this.active;
  }

  get laneCount(): number {
    return this.lanes.size;
  }

  put(task: LaneTask): void {
    const lane = this.lanes.get(task.key) ?? this.newLane(task.key);
    lane.queue.push(task);
    this.offer(lane);
    this.startWhatFits();
  }

  /** From now on nothing starts, also not again. */
  stop(): void {
    this.isStopped = true;
    for (const cancel of this.waits) cancel();
    this.waits.clear();
  }

  /** Breaks off what still runs. */
  abort(reason: Error): void {
    this.controller.abort(reason);
  }

  /** Resolves when nothing runs. */
  untilIdle(): Promise<void> {
    if (this.active === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.idle.push(resolve);
    });
  }

  private newLane(key: string): Lane {
    const lane: Lane = { key, queue: [], busy: 0, isReady: false };
    this.lanes.set(key, lane);
    return lane;
  }

  private offer(lane: Lane): void {
    if (lane.isReady || lane.queue.length === 0 || lane.busy >= this.options.perLane) return;
    lane.isReady = true;
    this.ready.push(lane);
  }

  private startWhatFits(): void {
    while (!this.isStopped && this.active < this.options.concurrency) {
      const lane = this.ready.shift();
      const task = lane?.queue.shift();
      if (lane === undefined || task === undefined) return;
      lane.isReady = false;
      lane.busy += 1;
      this.active += 1;
      this.offer(lane);
      void this.run(lane, task);
    }
  }

  private async run(lane: Lane, task: LaneTask): Promise<void> {
    const againInMs = await task.run(this.controller.signal);
    this.active -= 1;
    if (againInMs === undefined || this.isStopped) this.end(lane);
    else this.wait(lane, task, againInMs);
    this.startWhatFits();
    if (this.active === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private wait(lane: Lane, task: LaneTask, ms: number): void {
    const cancel = this.options.clock.schedule(ms, () => {
      this.waits.delete(cancel);
      lane.busy -= 1;
      lane.queue.unshift(task);
      this.offer(lane);
      this.startWhatFits();
    });
    this.waits.add(cancel);
  }

  private end(lane: Lane): void {
    lane.busy -= 1;
    this.offer(lane);
    if (lane.busy === 0 && lane.queue.length === 0) this.lanes.delete(lane.key);
    this.options.onEnd();
  }
}
