import { describe, expect, it } from "vitest";
import { freshHistory, type PollHistory } from "../../../shared/intake/polling/poll-history.ts";
import { pollLimits as limits } from "../../../shared/intake/polling/poll-limits.ts";
import {
  afterAnswer,
  afterCheck,
  afterFailure,
  afterStored,
  type PollFailure,
  type PollVerdict,
} from "../../../shared/intake/polling/poll-policy.ts";
import { describeError } from "../../../shared/telegram/error-classifier.ts";
import type { ErrorKind } from "../../../shared/telegram/error-kind.ts";

const polled = afterAnswer(limits, freshHistory, 0);
const failure = (kind: ErrorKind, waitMs?: number): PollFailure => ({
  kind: "error",
  error: describeError(kind, `a ${kind}`, waitMs === undefined ? {} : { waitMs }),
});
const least = (): number => 0;
const most = (): number => 1;

/** Verdicts on one failure again and again; time passes only by the waits. */
function repeated(
  times: number,
  what: PollFailure,
  random: () => number,
  start: PollHistory,
): PollVerdict[] {
  const verdicts: PollVerdict[] = [];
  let history = start;
  let nowMs = 0;
  for (let time = 0; time < times; time += 1) {
    const verdict = afterFailure(limits, history, what, nowMs, random);
    verdicts.push(verdict);
    history = verdict.history;
    nowMs += verdict.waitMs;
  }
  return verdicts;
}
const waits = (verdicts: PollVerdict[]): number[] => verdicts.map(({ waitMs }) => waitMs);
const states = (verdicts: PollVerdict[]): string[] => verdicts.map(({ report }) => report.state);

describe("waits", () => {
  it.each<[ErrorKind, number[], number[]]>([
    [
      "conflict_poller",
      [5_000, 10_000, 20_000, 40_000, 50_000],
      [6_000, 12_000, 24_000, 48_000, 60_000],
    ],
    ["network", [125, 250, 500, 1_000, 2_000], [500, 1_000, 2_000, 4_000, 8_000]],
    ["timeout", [125, 250, 500, 1_000, 2_000], [500, 1_000, 2_000, 4_000, 8_000]],
    ["server", [125, 250, 500, 1_000, 2_000], [500, 1_000, 2_000, 4_000, 8_000]],
    ["bad_response", [125, 250, 500, 1_000, 2_000], [500, 1_000, 2_000, 4_000, 8_000]],
    ["conflict_webhook", [0, 60_000, 60_000], [0, 60_000, 60_000]],
    ["auth", [5_000, 600_000, 600_000], [5_000, 600_000, 600_000]],
    [
      "bad_request",
      [30_000, 60_000, 120_000, 240_000, 250_000],
      [36_000, 72_000, 144_000, 288_000, 300_000],
    ],
    ["unknown", [30_000, 60_000], [36_000, 72_000]],
  ])("after %s lie between these", (kind, shortest, longest) => {
    expect(waits(repeated(shortest.length, failure(kind), least, polled))).toEqual(shortest);
    expect(waits(repeated(longest.length, failure(kind), most, polled))).toEqual(longest);
  });

  it("never grow beyond 30 s for the network, 60 s for conflicts", () => {
    expect(repeated(40, failure("network"), most, polled).at(-1)?.waitMs).toBe(30_000);
    expect(repeated(40, failure("conflict_poller"), most, polled).at(-1)?.waitMs).toBe(60_000);
  });

  it("after a flood are what Telegram asks, plus a little", () => {
    const asked = failure("flood", 2_000);
    expect(waits(repeated(3, asked, least, polled))).toEqual([2_000, 2_000, 2_000]);
    expect(waits(repeated(1, asked, most, polled))).toEqual([2_500]);
  });

  it("begin small again after a success", () => {
    const last = repeated(5, failure("network"), most, polled).at(-1)?.history ?? polled;
    const recovered = afterAnswer(limits, last, 60_000);
    expect(waits(repeated(1, failure("network"), most, recovered))).toEqual([500]);
  });

  it("while the updates cannot be stored grow although Telegram answers well", () => {
    const storage: PollFailure = { kind: "storage", reason: "disk full" };
    let history = polled;
    const seen: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      const verdict = afterFailure(limits, history, storage, time, most);
      seen.push(verdict.waitMs);
      expect(verdict.report).toEqual({ state: "waiting_for_storage", reason: "disk full" });
      history = afterAnswer(limits, verdict.history, time);
    }
    expect(seen).toEqual([500, 1_000, 2_000, 4_000]);
    expect(afterStored(history).failing).toBeUndefined();
  });
});

describe("the state", () => {
  it("turns to conflict with the third conflict in two minutes, once", () => {
    const verdicts = repeated(6, failure("conflict_poller"), least, polled);
    expect(states(verdicts)).toEqual([
      "polling",
      "polling",
      "conflict",
      "conflict",
      "conflict",
      "conflict",
    ]);
    expect(new Set(verdicts.slice(2).map(({ report }) => report.reason)).size).toBe(1);
  });

  it("stays conflict through polls that work in between, and ends after a clean stretch", () => {
    const duel = repeated(4, failure("conflict_poller"), least, polled).at(-1);
    const lastMs = duel?.history.conflict?.lastMs ?? 0;
    const soon = afterAnswer(limits, duel?.history ?? polled, lastMs + 119_999);
    const again = afterFailure(limits, soon, failure("conflict_poller"), lastMs + 119_999, least);
    expect(again.report.state).toBe("conflict");
    expect(again.waitMs, "the duel goes on where it was").toBe(50_000);
    const late = afterAnswer(limits, again.history, lastMs + 119_999 + 120_000);
    expect(late.conflict).toBeUndefined();
    const first = afterFailure(limits, late, failure("conflict_poller"), lastMs + 400_000, least);
    expect([first.report.state, first.waitMs]).toEqual(["polling", 5_000]);
  });

  it("does not turn to conflict for one now and then", () => {
    let history = polled;
    for (let nowMs = 0; nowMs < 20 * 60_000; nowMs += 61_000) {
      const verdict = afterFailure(limits, history, failure("conflict_poller"), nowMs, least);
      expect(verdict.report.state).toBe("polling");
      history = afterAnswer(limits, verdict.history, nowMs + 1_000);
    }
  });

  it("is waiting_for_network when failures last, at the start at once", () => {
    expect(states(repeated(7, failure("network"), most, polled))).toEqual([
      ...Array<string>(5).fill("polling"),
      "waiting_for_network",
      "waiting_for_network",
    ]);
    expect(states(repeated(1, failure("server"), most, freshHistory))).toEqual([
      "waiting_for_network",
    ]);
  });

  it.each<[string, PollFailure, string]>([
    ["a refused token", failure("auth"), "auth_failed"],
    ["a long flood wait", failure("flood", 10_000), "rate_limited"],
    ["a short flood wait", failure("flood", 9_000), "polling"],
    ["a mistake in what we ask", failure("bad_request"), "misconfigured"],
    ["a mistake of the program", failure("unknown"), "misconfigured"],
    ["a first word of a webhook", failure("conflict_webhook"), "polling"],
    ["a webhook that was seen", { kind: "webhook_set", reason: "x" }, "misconfigured"],
    ["a first conflict", failure("conflict_poller"), "polling"],
  ])("after %s", (_name, what, state) => {
    expect(states(repeated(1, what, least, polled))).toEqual([state]);
  });

  it("keeps a webhook in the way through a broken network, until a look finds none", () => {
    const seen = afterFailure(limits, polled, { kind: "webhook_set", reason: "host x" }, 0, least);
    const broken = afterFailure(limits, seen.history, failure("network"), 60_000, least);
    expect(broken.report).toEqual({ state: "misconfigured", reason: "host x" });
    expect(broken.history.obstacle?.check).toBe("check_webhook");
    const clear = afterCheck(seen.history);
    expect(clear.obstacle).toBeUndefined();
    expect(afterAnswer(limits, clear, 61_000).failing).toBeUndefined();
  });

  it("looks at a token every 10 min when getMe works and getUpdates does not", () => {
    const first = afterFailure(limits, polled, failure("auth"), 0, least);
    expect(first.history.obstacle?.check).toBe("check_token");
    const again = afterFailure(limits, afterCheck(first.history), failure("auth"), 5_000, least);
    expect([again.waitMs, again.report.state]).toEqual([600_000, "auth_failed"]);
  });
});

describe("the connection", () => {
  const rotating: ErrorKind[] = ["conflict_poller", "network", "timeout", "server", "bad_response"];
  const staying: ErrorKind[] = ["flood", "auth", "conflict_webhook", "bad_request"];
  it.each([
    ...rotating.map((kind) => [kind, true] as const),
    ...staying.map((kind) => [kind, false] as const),
  ])("after %s is a new one: %s", (kind, expected) => {
    expect(afterFailure(limits, polled, failure(kind), 0, least).rotateConnection).toBe(expected);
  });

  it("that is silent three times in a row is a stall; an error in between is an answer", () => {
    const silent = repeated(6, failure("timeout"), least, polled);
    expect(silent.map(({ stalled }) => stalled)).toEqual([false, false, true, false, false, true]);
    const answered = afterFailure(
      limits,
      silent[1]?.history ?? polled,
      failure("server"),
      1,
      least,
    );
    expect(afterFailure(limits, answered.history, failure("timeout"), 2, least).stalled).toBe(
      false,
    );
  });
});
