import { systemClock } from "../../shared/clock.ts";
import { type PollLimits, pollLimits } from "../../shared/intake/polling/poll-limits.ts";
import { runPoller } from "../../shared/intake/polling/poller.ts";
import type { PollApi, PollerEnd } from "../../shared/intake/polling/poller-deps.ts";
import { createPollingApi } from "../../shared/telegram/polling-api.ts";
import { MemorySink } from "./memory-sink.ts";
import { eventually } from "./program.ts";
import { type RecordingLog, recordingLog } from "./recording-log.ts";

export interface ObservedCall {
  readonly startMs: number;
  endMs?: number;
  failed?: boolean;
}

export interface ObservedPollerOptions {
  readonly botId: number;
  readonly token: string;
  readonly apiRoot: string;
  readonly limits?: Partial<PollLimits>;
  readonly ownsToken?: () => boolean;
}

/** The real poller over real HTTP, watched: when it calls, what it shows, what it logs. */
export class ObservedPoller {
  readonly calls: ObservedCall[] = [];
  readonly states: string[] = [];
  readonly handled: number[] = [];
  readonly log: RecordingLog = recordingLog();
  stalls = 0;
  readonly ended: Promise<PollerEnd>;
  private readonly controller = new AbortController();

  constructor(options: ObservedPollerOptions) {
    const { api, rotate, close } = createPollingApi(options.token, options.apiRoot);
    this.ended = runPoller(
      {
        botId: options.botId,
        api: this.watched(api),
        rotateConnection: rotate,
        sink: new MemorySink((update) => this.handled.push(update.update_id)),
        allowedUpdates: () => ["message"],
        pollTimeoutSeconds: 2,
        webhookPolicy: "delete",
        ownsToken: options.ownsToken ?? (() => true),
        clock: systemClock,
        random: Math.random,
        log: this.log,
        limits: { ...pollLimits, ...options.limits },
        onState: ({ state }) => {
          if (this.states.at(-1) !== state) this.states.push(state);
        },
        onTrouble: () => undefined,
        onReady: () => undefined,
        onPollCompleted: () => undefined,
        onError: () => undefined,
        onStalled: () => {
          this.stalls += 1;
        },
      },
      this.controller.signal,
    ).finally(close);
  }

  /** Resolves when a getUpdates is under way that came after a good answer. */
  async polling(): Promise<void> {
    await this.until(() => {
      const [before, last] = this.calls.slice(-2);
      return before?.failed === false && last !== undefined && last.endMs === undefined;
    }, "polling again");
  }

  async until(condition: () => boolean, what: string, withinMs = 30_000): Promise<void> {
    await eventually(
      () => condition() || undefined,
      () => `${what}; states ${this.states.join()}\n${this.log.lines.join("\n")}`,
      withinMs,
    );
  }

  /** Seconds from each failed call's end to the next call. */
  get waits(): number[] {
    return this.calls.flatMap(({ failed, endMs = 0 }, index) => {
      const next = this.calls[index + 1];
      return failed === true && next !== undefined ? [(next.startMs - endMs) / 1000] : [];
    });
  }

  async stop(): Promise<PollerEnd> {
    this.controller.abort(new Error("the test stops"));
    return this.ended;
  }

  private watched(api: PollApi): PollApi {
    return {
      getMe: (signal) => api.getMe(signal),
      getWebhookInfo: (signal) => api.getWebhookInfo(signal),
      deleteWebhook: (params, signal) => api.deleteWebhook(params, signal),
      getUpdates: async (params, signal) => {
        const call: ObservedCall = { startMs: systemClock.monotonic() };
        this.calls.push(call);
        try {
          const answer = await api.getUpdates(params, signal);
          // "null" is an answer that the poller refuses, not the library.
          call.failed = !Array.isArray(answer);
          return answer;
        } catch (error) {
          // A call that our own stop cut off has not failed.
          call.failed = !this.controller.signal.aborted;
          throw error;
        } finally {
          call.endMs = systemClock.monotonic();
        }
      },
    };
  }
}
