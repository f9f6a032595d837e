import type { Clock } from "../../clock.ts";
import type { PollingReport, PollingTrouble } from "../../contract/polling-report.ts";
import type { Log } from "../../logger.ts";
import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import type { WebhookApi } from "../../telegram/webhook.ts";
import type { UpdateSink } from "../update-sink.ts";
import type { PollLimits } from "./poll-limits.ts";

export interface PollParams {
  readonly offset?: number;
  readonly limit: number;
  readonly timeout: number;
  readonly allowed_updates?: string[];
}

/** The calls that polling needs; an `Api` (of `createPollingApi`) has them. All end when their signal aborts. */
export interface PollApi extends WebhookApi {
  /** The answer is checked by the poller: what comes from the wire is not believed. */
  getUpdates(params: PollParams, signal: AbortSignal): Promise<unknown>;
  getMe(signal: AbortSignal): Promise<unknown>;
}

export interface PollerDeps {
  readonly botId: number;
  readonly api: PollApi;
  /** The next call uses a new connection. */
  readonly rotateConnection: () => void;
  readonly sink: UpdateSink;
  /** Asked before every poll; sent with the first one and whenever it has changed. */
  readonly allowedUpdates: () => readonly string[];
  /** How long a getUpdates may park at Telegram (0..50). */
  readonly pollTimeoutSeconds: number;
  /** What to do with a webhook found before polling begins. One set later is never deleted. */
  readonly webhookPolicy: "delete" | "keep";
  /** Whether the right to poll is still ours; asked after each conflict and before the last confirmation. */
  readonly ownsToken: () => boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly limits: PollLimits;
  /** Called when state or reason has changed. */
  readonly onState: (report: PollingReport) => void;
  /** Called with every failed call, when nothing more is wrong (undefined), and when a conflict may come back. */
  readonly onTrouble: (trouble: PollingTrouble | undefined) => void;
  /** Called once: polling works. */
  readonly onReady: () => void;
  /** Called after each getUpdates that came back well, with epoch milliseconds and our offset: the proof that polling lives. */
  readonly onPollCompleted: (atMs: number, offset: number | undefined) => void;
  /** Called for every error, for the counters; the poller logs them itself. */
  readonly onError: (error: ClassifiedError) => void;
  /** Called after several silences in a row: only a new process may help. Polling goes on meanwhile. */
  readonly onStalled: () => void;
}

/** Why polling ended: it was told to, or the token turned out to be somebody else's. */
export type PollerEnd = "stopped" | "not_owner";
