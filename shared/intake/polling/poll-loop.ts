import type { PollingTrouble } from "../../contract/polling-report.ts";
import { errorMessage } from "../../errors.ts";
import { RepeatedErrorLog } from "../../telegram/counting/repeated-error-log.ts";
import { classifyError, describeError } from "../../telegram/error-classifier.ts";
import { ensureNoWebhook, type FoundWebhook, webhookOf } from "../../telegram/webhook.ts";
import { FencedError, SinkUnavailableError } from "../update-sink.ts";
import { withDeadline } from "./deadline.ts";
import { freshHistory, type PollHistory, reportOf } from "./poll-history.ts";
import {
  afterAnswer,
  afterCheck,
  afterFailure,
  afterStored,
  type PollFailure,
} from "./poll-policy.ts";
import type { PollerDeps, PollerEnd, PollParams } from "./poller-deps.ts";
import { type ReceivedBatch, readBatch } from "./received-batch.ts";
import { StateLog } from "./state-log.ts";

type Method = "getUpdates" | "getWebhookInfo" | "getMe";

/** Telegram's own limit and ours: the largest batch. */
const batchLimit = 100;

/**
 * One life of polling: look for a webhook, then getUpdates and store, again and again. What a failure means is decided
 * by the policy; this class does what it says. Used through {@link runPoller}, once.
 */
export class PollLoop {
  private readonly deps: PollerDeps;
  private readonly signal: AbortSignal;
  private readonly errors: RepeatedErrorLog;
  private readonly shown: StateLog;
  private history: PollHistory = freshHistory;
  private trouble: PollingTrouble | undefined;
  /** Told while polls work in between. */
  private lastConflict: PollingTrouble | undefined;
  private webhookLookedFor = false;
  private ready = false;
  /** The place for updates has passed to another poller. */
  private fenced = false;
  /** The list that Telegram has accepted from this loop. */
  private announced: string | undefined;
  /** The last getUpdates that left: a server confirms by the offset when the call arrives, not when it answers. */
  private lastSent: { readonly offset: number | undefined } | undefined;

  constructor(deps: PollerDeps, signal: AbortSignal) {
    this.deps = deps;
    this.signal = signal;
    this.errors = new RepeatedErrorLog(deps.log, deps.clock);
    this.shown = new StateLog(deps.log, deps.onState);
  }

  async run(): Promise<PollerEnd> {
    let end: PollerEnd | undefined;
    while (end === undefined) end = await this.step();
    if (end === "stopped") await this.confirmLast();
    this.errors.close();
    this.showTrouble(undefined);
    this.shown.show({ state: "stopped" });
    return end;
  }

  private async step(): Promise<PollerEnd | undefined> {
    if (this.signal.aborted) return "stopped";
    const [method, act] = this.nextAct();
    let failure: PollFailure | undefined;
    try {
      failure = await act();
    } catch (thrown) {
      if (this.signal.aborted) return "stopped";
      failure = { kind: "error", error: classifyError(thrown, method) };
    }
    if (this.fenced) return "not_owner";
    return failure === undefined ? undefined : this.recover(failure);
  }

  private nextAct(): [Method, () => Promise<PollFailure | undefined>] {
    const check = this.history.obstacle?.check;
    if (check === "check_token") return ["getMe", () => this.checkToken()];
    if (check === "check_webhook") return ["getWebhookInfo", () => this.checkWebhook()];
    if (!this.webhookLookedFor) return ["getWebhookInfo", () => this.clearWebhook()];
    return ["getUpdates", () => this.poll()];
  }

  /** Before the first poll only: later a webhook is somebody's wish, and no longer ours to delete. */
  private async clearWebhook(): Promise<PollFailure | undefined> {
    const { api, webhookPolicy: policy, log } = this.deps;
    // Up to three short calls.
    const outcome = await this.bounded(3 * this.deps.limits.silenceMs, (signal) =>
      ensureNoWebhook({ api, policy, log, signal }),
    );
    this.webhookLookedFor = true;
    return outcome.kind === "kept" ? webhookFailure(outcome) : undefined;
  }

  private async checkWebhook(): Promise<PollFailure | undefined> {
    const info = await this.bounded(this.deps.limits.silenceMs, (signal) =>
      this.deps.api.getWebhookInfo(signal),
    );
    const found = webhookOf(info);
    if (found !== undefined) return webhookFailure(found);
    this.history = afterCheck(this.history);
    return undefined;
  }

  private async checkToken(): Promise<undefined> {
    await this.bounded(this.deps.limits.silenceMs, (signal) => this.deps.api.getMe(signal));
    this.history = afterCheck(this.history);
  }

  private async poll(): Promise<PollFailure | undefined> {
    const { sink, limits, clock } = this.deps;
    const allowed = this.deps.allowedUpdates();
    const news = JSON.stringify(allowed) !== this.announced;
    // At the start and after a failure a poll that does not park: its answer tells at once whether all is well.
    const parks = this.ready && this.history.failing === undefined;
    const offset = sink.nextOffset();
    const timeout = parks ? this.deps.pollTimeoutSeconds : 0;
    const params: PollParams = {
      limit: batchLimit,
      timeout,
      ...(offset === undefined ? {} : { offset }),
      ...(news ? { allowed_updates: [...allowed] } : {}),
    };
    // Telegram may park even this one for 3 s (a quick repeat of an offset); an error would have come sooner.
    const untroubled = !this.ready && this.history.failing === undefined;
    const cancelReady = untroubled
      ? clock.schedule(limits.readyAfterMs, () => this.becomeReady())
      : undefined;
    let batch: ReceivedBatch;
    const sentBefore = this.lastSent;
    this.lastSent = { offset };
    try {
      const answer = await this.bounded(timeout * 1000 + limits.silenceMs, (signal) =>
        this.deps.api.getUpdates(params, signal),
      );
      batch = readBatch(answer);
    } catch (thrown) {
      // A call that failed may never have arrived; one that we gave up ourselves was on its way.
      if (!this.signal.aborted) this.lastSent = sentBefore;
      throw thrown;
    } finally {
      cancelReady?.();
    }
    if (news) this.announced = JSON.stringify(allowed);
    this.succeeded(batch);
    return this.store(batch, offset);
  }

  private succeeded(batch: ReceivedBatch): void {
    const { clock, limits, onPollCompleted, onError } = this.deps;
    this.history = afterAnswer(limits, this.history, clock.monotonic());
    onPollCompleted(clock.now(), this.deps.sink.nextOffset());
    this.errors.succeeded();
    if (batch.malformed > 0) {
      const error = describeError(
        "bad_response",
        `Telegram sent ${batch.malformed} elements that are no updates; they were left out`,
      );
      onError(error);
      this.errors.failed(error);
    }
    this.becomeReady();
  }

  private async store(
    { updates }: ReceivedBatch,
    offset: number | undefined,
  ): Promise<PollFailure | undefined> {
    const { sink, log } = this.deps;
    if (updates.length > 0) {
      try {
        await sink.append(updates, this.signal);
      } catch (error) {
        if (this.signal.aborted) return undefined;
        if (error instanceof FencedError) {
          log.error(error.message);
          this.fenced = true;
          return undefined;
        }
        if (!(error instanceof SinkUnavailableError))
          log.error("storing updates failed", { error });
        return { kind: "storage", reason: errorMessage(error) };
      }
      if (sink.nextOffset() === offset && !this.signal.aborted) {
        return { kind: "storage", reason: "the updates were not taken" };
      }
    }
    this.history = afterStored(this.history);
    this.publish();
    return undefined;
  }

  private becomeReady(): void {
    this.history = { ...this.history, everPolled: true };
    this.publish();
    if (this.ready) return;
    this.ready = true;
    this.deps.onReady();
  }

  private async recover(failure: PollFailure): Promise<PollerEnd | undefined> {
    const { clock, limits, random } = this.deps;
    const verdict = afterFailure(limits, this.history, failure, clock.monotonic(), random);
    this.history = verdict.history;
    if (failure.kind === "error") {
      this.deps.onError(failure.error);
      this.errors.failed(failure.error, { nextTryInMs: verdict.waitMs });
      if (failure.error.action === "check_ownership" && !this.deps.ownsToken()) {
        this.deps.log.warn("the token has another owner now; polling ends");
        return "not_owner";
      }
    }
    const at = clock.now();
    const isConflict = this.history.failing?.trouble === "conflict";
    if (isConflict) this.lastConflict = { what: conflictWords, at };
    this.showTrouble({ what: wordsOf(failure), at, nextTryAt: at + verdict.waitMs });
    this.shown.show(verdict.report);
    if (verdict.rotateConnection) this.deps.rotateConnection();
    if (verdict.stalled) this.deps.onStalled();
    try {
      await clock.sleep(verdict.waitMs, this.signal);
    } catch {
      // The signal was aborted: sleep has no other way to fail, and step() looks at it first.
    }
    return undefined;
  }

  /**
   * Without it, updates that are stored would come again after a restart. Never throws, never takes long. An offset that
   * was sent already is not sent again: Telegram would park the repeat for 3 s, and the stop with it.
   */
  private async confirmLast(): Promise<void> {
    const { sink, api, clock, limits, log, ownsToken } = this.deps;
    const offset = sink.nextOffset();
    const { lastSent } = this;
    const unconfirmed = lastSent !== undefined && lastSent.offset !== offset;
    if (!unconfirmed || offset === undefined || !ownsToken()) return;
    try {
      const params: PollParams = { offset, limit: 1, timeout: 0 };
      const unaborted = new AbortController().signal;
      await withDeadline(clock, limits.confirmDeadlineMs, unaborted, (signal) =>
        api.getUpdates(params, signal),
      );
    } catch (thrown) {
      const { message } = classifyError(thrown, "getUpdates");
      log.info("the last updates could not be confirmed; they will come once more", { message });
    }
  }

  private publish(): void {
    const { failing, obstacle, conflict } = this.history;
    // Two pollers take turns: a poll that worked does not mean that the other one is gone.
    if (failing === undefined && obstacle === undefined)
      this.showTrouble(conflict === undefined ? undefined : this.lastConflict);
    this.shown.show(reportOf(this.history, this.deps.limits, this.deps.clock.monotonic()));
  }

  private showTrouble(trouble: PollingTrouble | undefined): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.deps.onTrouble(trouble);
  }

  private bounded<T>(deadlineMs: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(this.deps.clock, deadlineMs, this.signal, call);
  }
}

const conflictWords = "409 Conflict: another poller of this token";

function wordsOf(failure: PollFailure): string {
  if (failure.kind !== "error") return failure.reason;
  return failure.error.kind === "conflict_poller" ? conflictWords : failure.error.message;
}

function webhookFailure({ host }: FoundWebhook): PollFailure {
  return { kind: "webhook_set", reason: `a webhook is set (host ${host})` };
}
