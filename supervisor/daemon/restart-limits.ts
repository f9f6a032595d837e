import type { RestartLimits } from "../../shared/config/fleet-file.ts";
import { defaultRestartPolicy, type RestartPolicy } from "../fleet/restart-policy.ts";

/** The limits of fleet.yaml (seconds) over the defaults (milliseconds). */
export function restartPolicyOf(limits: RestartLimits): RestartPolicy {
  const base = defaultRestartPolicy;
  return {
    ...base,
    backoff: {
      baseMs: ms(limits.first_pause_seconds, base.backoff.baseMs),
      capMs: ms(limits.longest_pause_seconds, base.backoff.capMs),
    },
    stableAfterMs: ms(limits.stable_after_seconds, base.stableAfterMs),
    crashWindowMs: ms(limits.crash_window_seconds, base.crashWindowMs),
    maxCrashesInWindow: limits.max_crashes ?? base.maxCrashesInWindow,
    halfOpenBaseMs: ms(limits.give_up_pause_seconds, base.halfOpenBaseMs),
    halfOpenCapMs: ms(limits.longest_give_up_pause_seconds, base.halfOpenCapMs),
    hungAfterMs: ms(limits.hung_after_seconds, base.hungAfterMs),
    startTimeoutMs: ms(limits.start_timeout_seconds, base.startTimeoutMs),
  };
}

function ms(seconds: number | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : Math.round(seconds * 1000);
}
