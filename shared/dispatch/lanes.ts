import type { Clock } from "../clock.ts";
import { LaneGroup, type LaneTask } from "./lane-group.ts";

export interface LaneLimits {
  /** Conversations that are worked on at once. */
  readonly concurrency: number;
  /** Urgent tasks at once: they neither wait for the others nor count among them. */
  readonly urgentConcurrency: number;
  /** Of one conversation, so that a few that hang do not keep everybody's stop button waiting. */
  readonly urgentPerLane: number;
  /** Tasks that may be held before `ready` makes the reader wait. */
  readonly capacity: number;
}

export const usualLaneLimits: LaneLimits = {
  concurrency: 32,
  urgentConcurrency: 16,
  urgentPerLane: 4,
  capacity: 5_000,
};

/**
 * One queue per conversation, many conversations at once. Urgent tasks have lanes of their own: they start in order, but
 * do not wait for each other to end, nor for anything ordinary.
 */
export class Lanes {
  private readonly clock: Clock;
  private readonly capacity: number;
  private readonly ordinary: LaneGroup;
  private readonly urgent: LaneGroup;
  private readonly waiting: (() => void)[] = [];
  private heldTasks = 0;

  constructor(clock: Clock, limits: LaneLimits = usualLaneLimits) {
    this.clock = clock;
    this.capacity = limits.capacity;
    const onEnd = (): void => {
      this.heldTasks -= 1;
      if (this.heldTasks < this.capacity) this.waiting.shift()?.();
    };
    const { concurrency, urgentConcurrency, urgentPerLane } = limits;
    this.ordinary = new LaneGroup({ clock, concurrency, perLane: 1, onEnd });
    this.urgent = new LaneGroup({
      clock,
      concurrency: urgentConcurrency,
      perLane: urgentPerLane,
      onEnd,
    });
  }

  /** Queued, running or waiting to run again. */
  get held(): number {
    return this.heldTasks;
  }

  get running(): number {
    return this.ordinary.running + this.urgent.running;
  }

  /** Conversations that have work. */
  get laneCount(): number {
    return this.ordinary.laneCount + this.urgent.laneCount;
  }

  put(task: LaneTask, urgency: "ordinary" | "urgent"): void {
    this.heldTasks += 1;
    (urgency === "urgent" ? this.urgent : this.ordinary).put(task);
  }

  /** Resolves when there is room for one more, or when the signal aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    while (this.heldTasks >= this.capacity && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener("abort", go);
          resolve();
        };
        signal.addEventListener("abort", go, { once: true });
        this.waiting.push(go);
      });
    }
  }

  /**
   * Nothing starts any more. Waits for what runs, and after `deadlineMs` breaks it off.
   * @returns how many tasks are left undone
   */
  async drain(deadlineMs: number): Promise<number> {
    const groups = [this.ordinary, this.urgent];
    for (const group of groups) group.stop();
    const cancel = this.clock.schedule(deadlineMs, () => {
      for (const group of groups) group.abort(new Error("the bot stops"));
    });
    await Promise.all(groups.map((group) => group.untilIdle()));
    cancel();
    return this.heldTasks;
  }
}
