import { describe, expect, it } from "vitest";
import {
  answerToExit,
  describeExit,
  type ExitStatus,
  halfOpenDelayMs,
  lockRetryDelayMs,
  defaultRestartPolicy as policy,
  restartDelayMs,
} from "../../../supervisor/fleet/restart-policy.ts";

const code = (value: number): ExitStatus => ({ code: value, signal: null });
const signal = (value: string): ExitStatus => ({ code: null, signal: value });

const least = (): number => 0;
const most = (): number => 1;
const range = (ends: number): number[] => [
  restartDelayMs(policy, ends, least),
  restartDelayMs(policy, ends, most),
];

describe("the answer to an end that nobody asked for", () => {
  it.each([
    [code(0), "again", "ended with exit code 0 (nobody asked it to stop)"],
    [code(1), "crash", "ended with exit code 1"],
    [code(64), "crash", "ended with exit code 64"],
    [code(69), "refused", "ended with exit code 69 (Telegram refused the token)"],
    [code(75), "later", "ended with exit code 75 (the polling lock is held)"],
    [code(78), "refused", "ended with exit code 78 (configuration)"],
    [code(143), "crash", "ended with exit code 143"],
    [signal("SIGKILL"), "crash", "ended by SIGKILL"],
    [signal("SIGSEGV"), "crash", "ended by SIGSEGV"],
  ] as const)("%o is %s", (exit, answer, words) => {
    expect(answerToExit(exit)).toBe(answer);
    expect(describeExit(exit)).toBe(words);
  });
});

describe("the waits", () => {
  it("spread restarts over a growing range, none of them at once but the first", () => {
    expect([0, 1, 2, 3, 8, 1_000].map(range)).toEqual([
      [0, 0],
      [125, 500],
      [250, 1_000],
      [500, 2_000],
      [15_000, 60_000],
      [15_000, 60_000],
    ]);
  });

  it("keep within 5 to 60 s for a lock that is held", () => {
    for (let tries = 0; tries < 100; tries += 1) {
      expect(lockRetryDelayMs(policy, tries, least)).toBeGreaterThanOrEqual(5_000);
      expect(lockRetryDelayMs(policy, tries, most)).toBeLessThanOrEqual(60_000);
    }
  });

  it("double between single tries, up to two hours", () => {
    const minutes = [1, 2, 3, 4, 5, 1_000].map(
      (trips) => halfOpenDelayMs(policy, trips, most) / 60_000,
    );
    expect(minutes).toEqual([10, 20, 40, 80, 120, 120]);
    expect(halfOpenDelayMs(policy, 1, least)).toBe(7.5 * 60_000);
  });
});
