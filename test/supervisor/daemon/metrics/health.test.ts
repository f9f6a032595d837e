import { describe, expect, it } from "vitest";
import { identifySelf } from "../../../../shared/process/identity.ts";
import type { FleetPicture, PictureBot } from "../../../../supervisor/control/contract/picture.ts";
import { healthOf } from "../../../../supervisor/daemon/metrics/health.ts";
import { prometheusText } from "../../../../supervisor/daemon/metrics/prometheus.ts";

const nowMs = 1_000_000_000;
const well: PictureBot = {
  name: "main",
  role: "main",
  state: "ready",
  polling: { state: "polling" },
  since: 0,
  startedAt: nowMs - 500_000,
  lastPollCompletedAt: nowMs - 20_000,
  restarts: 2,
  errors: { conflict_poller: 3 },
};
const fleet = (bot: PictureBot, state: FleetPicture["state"] = "running"): FleetPicture => ({
  version: 1,
  supervisor: identifySelf(),
  startedAt: 5_000,
  updatedAt: 0,
  state,
  bots: [bot],
});
function neverPolled(bot: PictureBot): PictureBot {
  const { lastPollCompletedAt: _lastPollCompletedAt, ...rest } = bot;
  return rest;
}

describe("the health of a fleet", () => {
  it.each([
    ["a completed poll lately", well, []],
    ["no poll yet", neverPolled(well), ["main has not completed a poll yet (polling)"]],
    [
      "a poll of the process before only",
      { ...well, startedAt: nowMs - 10_000 },
      ["main has not completed a poll yet (polling)"],
    ],
    [
      "the last poll long ago",
      { ...well, lastPollCompletedAt: nowMs - 76_000, polling: { state: "conflict" } },
      ["main completed its last poll 76 s ago (conflict)"],
    ],
    ["a reader without a poll", neverPolled({ ...well, polling: { state: "reading" } }), []],
    [
      "a bot whose token somebody else polls and that reads no log",
      neverPolled({ ...well, polling: { state: "disabled" } }),
      ["main has not completed a poll yet (disabled)"],
    ],
    ["an operator's wish", { ...well, state: "down" }, []],
    ["a crash", { ...well, state: "backing_off" }, ["main is backing_off"]],
    ["given up", { ...well, state: "given_up" }, ["main is given_up"]],
    ["a hang", { ...well, silentSince: nowMs - 1 }, ["main does not answer"]],
  ] as const)("with %s", (_name, bot, problems) => {
    expect(healthOf(fleet(bot), 30_000, nowMs)).toEqual({ ok: problems.length === 0, problems });
  });

  it("fails while the supervisor stops", () => {
    expect(healthOf(fleet(well, "stopping"), 30_000, nowMs).ok).toBe(false);
  });
});

describe("the metrics", () => {
  const handled = {
    count: 3,
    failedAttempts: 1,
    seconds: 1.5,
    within: [
      [0.5, 2],
      [5, 3],
    ],
  };
  const text = prometheusText(
    fleet({
      ...well,
      name: 'we"ird',
      intake: {
        depth: 4,
        running: 1,
        oldestUnhandledAt: null,
        handled: handled as never,
        deadLetterCount: 0,
        deadLetters: [],
      },
    }),
    { ok: true, problems: [] },
  );

  it("are what Prometheus reads: help, type, escaped labels, one value per line", () => {
    for (const line of text.trim().split("\n"))
      expect(line).toMatch(
        /^(# (HELP|TYPE) tg_\w+ .+|tg_\w+(\{(\w+="(\\.|[^"\\])*",?)+\})? -?[\d.e+]+)$/,
      );
    expect(text).toContain('tg_bot_restarts_total{bot="we\\"ird"} 2\n');
    expect(text).toContain('tg_bot_errors_last_day{bot="we\\"ird",kind="conflict_poller"} 3\n');
  });

  it("have a histogram that grows to its count, and no line for what is not known", () => {
    expect(text).toMatch(
      /_bucket\{.*le="0.5"\} 2\n.*le="5"\} 3\n.*le="\+Inf"\} 3\n.*_sum\{.*\} 1.5\n.*_count\{.*\} 3\n$/,
    );
    expect(text).not.toContain("tg_bot_oldest_waiting_time_seconds");
    expect(text).not.toContain("tg_bot_memory_bytes");
  });
});
