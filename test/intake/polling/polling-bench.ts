import type { PollingTrouble } from "../../../shared/contract/polling-report.ts";
import { pollLimits } from "../../../shared/intake/polling/poll-limits.ts";
import { runPoller } from "../../../shared/intake/polling/poller.ts";
import type { PollerDeps, PollerEnd } from "../../../shared/intake/polling/poller-deps.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { MemorySink } from "../../support/memory-sink.ts";
import { type RecordingLog, recordingLog } from "../../support/recording-log.ts";
import { FakePollApi } from "./fake-api.ts";

export interface PollingBench {
  readonly api: FakePollApi;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** What the poller told, in order: `state conflict`, `ready`, `stalled`, `rotate`. */
  readonly told: string[];
  /** What was wrong with the last call, every time it changed. */
  readonly troubles: readonly (PollingTrouble | undefined)[];
  readonly errors: string[];
  readonly handled: number[];
  /** Begins to poll; what needs no time has happened when it resolves. */
  start(): Promise<void>;
  /** Aborts and awaits the end, moving time as far as it needs. */
  stop(): Promise<PollerEnd>;
}

/** Loops of one bot wait for each other, also those of a failed test. */
let nextBotId = 100;

/** A poller on a fake Bot API with manual time. No jitter: waits are the shortest. */
export function pollingBench(changes: Partial<PollerDeps> = {}): PollingBench {
  nextBotId += 1;
  const api = new FakePollApi();
  const clock = new ManualClock();
  const log = recordingLog();
  const told: string[] = [];
  const troubles: (PollingTrouble | undefined)[] = [];
  const errors: string[] = [];
  const handled: number[] = [];
  const controller = new AbortController();
  let run: Promise<PollerEnd> | undefined;
  const deps: PollerDeps = {
    botId: nextBotId,
    api,
    rotateConnection: () => void told.push("rotate"),
    sink: new MemorySink((update) => handled.push(update.update_id)),
    allowedUpdates: () => ["message"],
    pollTimeoutSeconds: 30,
    webhookPolicy: "delete",
    ownsToken: () => true,
    clock,
    random: () => 0,
    log,
    limits: pollLimits,
    onState: ({ state }) => void told.push(`state ${state}`),
    onTrouble: (trouble) => void troubles.push(trouble),
    onReady: () => void told.push("ready"),
    onPollCompleted: () => undefined,
    onError: ({ kind }) => void errors.push(kind),
    onStalled: () => void told.push("stalled"),
    ...changes,
  };
  return {
    api,
    clock,
    log,
    told,
    troubles,
    errors,
    handled,
    async start() {
      run = runPoller(deps, controller.signal);
      await clock.advance(0);
      await clock.advance(0);
    },
    async stop() {
      controller.abort(new Error("stop"));
      await clock.advance(0);
      if (api.running > 0) await clock.advance(1_000);
      return (await run) ?? "stopped";
    },
  };
}
