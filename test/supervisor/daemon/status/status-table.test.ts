import { expect, it } from "vitest";
import type { BotStatus } from "../../../../shared/contract/fleet-status.ts";
import { statusTable } from "../../../../supervisor/daemon/status/status-table.ts";

const nowMs = 1_000_000;

function waitingOf(updates: number, answers: number | undefined): string | undefined {
  const sending = {
    waitingAnswers: answers ?? 0,
    oldestSince: null,
    floodUntil: null,
    demandPerSecond: 0,
    trouble: null,
  };
  const bot: BotStatus = {
    name: "main",
    role: "main",
    state: "ready",
    reason: "ready",
    since: 0,
    polling: { state: "polling" },
    restarts: 0,
    errors: {},
    intake: {
      depth: updates,
      running: 0,
      oldestUnhandledAt: updates === 0 ? null : nowMs - 5_000,
      deadLetterCount: 0,
      deadLetters: [],
    },
    ...(answers === undefined ? {} : { sending }),
  };
  const [heading = "", row = ""] = statusTable([bot], nowMs).split("\n");
  return row.slice(heading.indexOf("waiting")).trim();
}

it.each([
  ["nothing", 0, 0, "0"],
  ["nothing that is known of answers", 0, undefined, "0"],
  ["an answer", 0, 1, "0 + 1 answer"],
  ["updates and answers", 2, 3, "2, oldest 5 s + 3 answers"],
])(
  "the column of what waits names updates, and answers that Telegram does not have yet: %s",
  (_, updates, answers, expected) => {
    expect(waitingOf(updates, answers)).toBe(expected);
  },
);
