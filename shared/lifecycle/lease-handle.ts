import type { Cancel, Clock } from "../clock.ts";
import { ConfigurationError, errorMessage, systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { ListenerClosedError } from "./listener-errors.ts";
import { editorPauseMs, ListenerRecords, peekRecords } from "./listener-records.ts";
import type { Lease } from "./records/lease.ts";
import type { ListenerState, Progress } from "./records/listener-state.ts";
import { editedByHand } from "./records/settle.ts";
import {
  type LifecycleEvent,
  type LifecycleRecords,
  recordProgress,
} from "./records/transitions.ts";
import { watchFiles } from "./watch-files.ts";

/**
 * A lease that is held. Its owner ends it with `stopped` or `failed`, always. The transitions reject with the system's
 * error where the disk refuses them, and with OperationError where the root's lock is not to be had; nothing is then
 * lost but that line, and they may be called again. Once the lease is another's they do nothing.
 */
export interface Listener {
  readonly root: string;
  readonly leaseId: string;
  /** Of the lease when it was taken; `progress` raises it in the file. */
  readonly epoch: number;
  /**
   * Aborts within a second after somebody else ended the lease (`close`, a hand that edited lease.yaml, a successor, a
   * file that is gone or broken), with a ListenerClosedError whose message is the cause. The holder then stops in
   * order and calls `stopped`.
   */
  readonly closed: AbortSignal;
  /** Noted at once in memory and in the files with the next transition or renewal, at most a minute later. */
  progress(progress: Progress): void;
  /** It does its work. */
  running(): Promise<void>;
  /** The ordered stop begins; the first cause ever given is the one that stays. */
  stopping(cause: string): Promise<void>;
  /** The ordered stop is done: releases the lease, or finds it released and adds no event. Ends the watch. */
  stopped(cause: string): Promise<void>;
  /** As `stopped`, where the end is an error. */
  failed(error: unknown): Promise<void>;
}

/** Renewal and the saving of progress. */
const renewEveryMs = 60_000;

/**
 * Where no file events come, a close is still seen within a second. Two stat calls each time: measured at 0.03 % of a
 * core.
 */
const slowCheckMs = 900;

export class LeaseHandle implements Listener {
  readonly root: string;
  readonly leaseId: string;
  readonly epoch: number;
  readonly closed: AbortSignal;
  private readonly controller = new AbortController();
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly endWatch: Cancel;
  private cancelRenewal: Cancel = () => {};
  private known: Progress = {};
  /** Transitions in the order of the calls. */
  private queue: Promise<unknown> = Promise.resolve();
  private look: "idle" | "looking" | "look_again" = "idle";
  private readonly over = new AbortController();

  constructor(taken: {
    readonly root: string;
    readonly lease: Lease;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    const { root, lease, clock, log } = taken;
    this.root = root;
    this.leaseId = lease.id;
    this.epoch = lease.epoch;
    this.closed = this.controller.signal;
    this.clock = clock;
    this.log = log;
    const names = ["lease.yaml", "state.yaml"];
    const onChange = (): void => void this.lookAtLease();
    this.endWatch = watchFiles({ folder: root, names, slowCheckMs, clock, log, onChange });
    this.renewLater();
    // Somebody may have closed it between the start and the watch.
    onChange();
  }

  progress(progress: Progress): void {
    this.known = { ...this.known, ...progress };
  }

  async running(): Promise<void> {
    await this.write({ type: "running", leaseId: this.leaseId });
  }

  async stopping(cause: string): Promise<void> {
    await this.write({ type: "stopping", leaseId: this.leaseId, cause });
  }

  async stopped(cause: string): Promise<void> {
    await this.end({ type: "stopped", leaseId: this.leaseId, cause });
  }

  async failed(error: unknown): Promise<void> {
    await this.end({ type: "failed", leaseId: this.leaseId, error: errorMessage(error) });
  }

  private async end(event: LifecycleEvent): Promise<void> {
    this.over.abort(new Error("the listener has ended"));
    this.cancelRenewal();
    this.endWatch();
    await this.write(event);
  }

  private renewLater(): void {
    this.cancelRenewal = this.clock.schedule(renewEveryMs, () => {
      void this.renew();
    });
  }

  private async renew(): Promise<void> {
    try {
      await this.write(undefined);
    } catch (error) {
      this.log.warn("the lease could not be renewed; tried again in a minute", { error });
    }
    if (!this.over.signal.aborted) this.renewLater();
  }

  private write(event: LifecycleEvent | undefined): Promise<void> {
    const turn = this.writeAfter(this.queue, event);
    this.queue = turn.catch(() => {});
    return turn;
  }

  private async writeAfter(
    earlier: Promise<unknown>,
    event: LifecycleEvent | undefined,
  ): Promise<void> {
    await earlier;
    try {
      await this.transact(event);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") {
        this.log.error("the folder of the lifecycle files is gone", { root: this.root, error });
        return;
      }
      if (!(error instanceof ConfigurationError)) throw error;
      // The damaged file is out of the way now: what we know about ourselves can still be told.
      this.log.error("a lifecycle file was damaged", { problem: error.message });
      await this.transact(event);
    }
  }

  /** What we know by now, and the event if there is one. */
  private async transact(event: LifecycleEvent | undefined): Promise<void> {
    await ListenerRecords.exclusively(this.root, this.clock, async (records) => {
      this.noticeEnd(records.get());
      const now = new Date(this.clock.now()).toISOString();
      const renewed = recordProgress(records.get(), this.leaseId, this.known, now);
      if (renewed === undefined) return;
      if (event !== undefined) await records.apply(event, renewed);
      // After the end of a lease its files are no longer touched by the clock.
      else if (renewed.lease?.status === "active") await records.save(renewed);
    });
  }

  /** Never two looks at once, and always one after the last change. */
  private async lookAtLease(): Promise<void> {
    if (this.look !== "idle") {
      this.look = "look_again";
      return;
    }
    do {
      this.look = "looking";
      await this.lookOnce();
    } while (this.look !== "looking" && !this.over.signal.aborted);
    this.look = "idle";
  }

  private async lookOnce(): Promise<void> {
    try {
      const records = await peekRecords(this.root);
      if (records.lease !== undefined) {
        this.noticeEnd(records);
        return;
      }
    } catch {
      // Broken or out of reach at this moment: the second look tells whether it stays so.
    }
    // A file that is broken or away may be in the hands of an editor that saves in several steps.
    if (!(await this.pause())) return;
    try {
      this.noticeEnd(await peekRecords(this.root));
    } catch (error) {
      this.close(errorMessage(error));
    }
  }

  /** False when the listener has ended meanwhile. */
  private async pause(): Promise<boolean> {
    try {
      await this.clock.sleep(editorPauseMs, this.over.signal);
      return true;
    } catch {
      return false;
    }
  }

  private noticeEnd({ lease, state }: LifecycleRecords): void {
    if (lease === undefined) this.close(`lease.yaml is gone from ${this.root}`);
    else if (lease.id !== this.leaseId)
      this.close(`another listener followed: ${lease.holder.label}, pid ${lease.holder.pid}`);
    else if (state?.lease === lease.id && !state.lease_active) this.close(endOf(state), true);
    else if (lease.status === "inactive")
      this.close(`closed by ${lease.released_by ?? editedByHand}`, true);
  }

  private close(cause: string, byOperator = false): void {
    if (this.over.signal.aborted || this.closed.aborted) return;
    this.log.info("the lease of this listener has ended", { cause, lease: this.leaseId });
    this.controller.abort(new ListenerClosedError(cause, byOperator));
  }
}

/** Also where the process that closed died before it wrote the lease. */
function endOf({
  last_event: event,
  last_event_by: by = "an unknown process",
}: ListenerState): string {
  return event === "crashed" ? `taken for dead by ${by}` : `closed by ${by}`;
}
