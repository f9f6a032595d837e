import { describe, expect, it } from "vitest";
import { RepeatedErrorLog } from "../../shared/telegram/counting/repeated-error-log.ts";
import { describeError } from "../../shared/telegram/error-classifier.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../support/recording-log.ts";

function make(): { errors: RepeatedErrorLog; log: RecordingLog; clock: ManualClock } {
  const log = recordingLog();
  const clock = new ManualClock();
  return { errors: new RepeatedErrorLog(log, clock), log, clock };
}

const network = describeError("network", "Telegram cannot be reached for getUpdates (ECONNRESET)");
const conflict = describeError("conflict_poller", "conflict");

describe("repeated errors", () => {
  it("are said once, then counted and summarised at growing intervals", async () => {
    const { errors, log, clock } = make();
    for (let second = 0; second <= 30 * 60; second += 10) {
      errors.failed(network);
      await clock.advance(10_000);
    }
    expect(log.of("warn").map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "WARN  [test] Telegram cannot be reached for getUpdates (ECONNRESET) kind=network",
      expect.stringContaining("... 6 more of the same in 60 s kind=network message="),
      expect.stringContaining("... 30 more of the same in 5 min"),
      expect.stringContaining("... 90 more of the same in 15 min"),
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("that stop get their last summary with a later success, and then count as new", async () => {
    const { errors, log, clock } = make();
    for (let times = 0; times < 4; times += 1) {
      errors.failed(network);
      await clock.advance(5_000);
    }
    errors.succeeded();
    expect(log.lines, "a success in between is no end").toHaveLength(1);
    await clock.advance(16 * 60_000);
    errors.succeeded();
    expect(log.lines[1]).toContain("... 3 more of the same in 15 s, over since");
    errors.failed(network);
    expect(log.lines[2]).toContain("Telegram cannot be reached");
    expect(log.lines).toHaveLength(3);
  });

  it("of a duel over the token get one line at the start and one at the end", async () => {
    const { errors, log, clock } = make();
    for (let minute = 0; minute < 120; minute += 1) {
      errors.failed(conflict);
      await clock.advance(60_000);
    }
    expect(log.lines).toHaveLength(1);
    await clock.advance(15 * 60_000);
    errors.succeeded();
    expect(log.lines).toHaveLength(2);
    expect(log.lines[1]).toContain("... 119 more of the same in 119 min");
  });

  it("of different kinds are told apart, and so are different mistakes of one kind", () => {
    const { errors, log } = make();
    errors.failed(network);
    errors.failed(describeError("server", "502"));
    errors.failed(describeError("unknown", "one bug"));
    errors.failed(describeError("unknown", "another bug"));
    errors.failed(describeError("unknown", "one bug"));
    expect(log.lines).toHaveLength(4);
    expect(log.of("error")).toHaveLength(2);
  });

  it("with ever new messages do not fill memory or log", () => {
    const { errors, log } = make();
    for (let number = 0; number < 500; number += 1)
      errors.failed(describeError("unknown", `bug ${number}`));
    expect(log.lines.length).toBeLessThanOrEqual(51);
  });

  it("not yet told are told at the end of the program", () => {
    const { errors, log } = make();
    errors.failed(network);
    errors.failed(network);
    errors.close();
    expect(log.lines[1]).toContain("... 1 more of the same in 0 s");
    errors.close();
    expect(log.lines).toHaveLength(2);
  });
});
