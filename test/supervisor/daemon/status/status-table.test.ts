import { expect, it } from "vitest";
import type { BotStatus } from "../../../../shared/contract/fleet-status.ts";
import { statusTable } from "../../../../supervisor/daemon/status/status-table.ts";

const nowMs = 1_000_000;

const works: BotStatus = {
  name: "main",
  role: "main",
  state: "ready",
  reason: "ready",
  pid: 5,
  since: 0,
  polling: { state: "polling" },
  restarts: 0,
  errors: {},
};

function shown(bot: Partial<BotStatus>): { receiving: string; why: string } {
  const [heading = "", row = ""] = statusTable([{ ...works, ...bot }], nowMs).split("\n");
  return {
    receiving: row.slice(heading.indexOf("receiving")).split(" ")[0] ?? "",
    why: row.slice(heading.indexOf("why")).trim(),
  };
}

const conflict = { what: "409 Conflict: another poller", at: nowMs - 2_000 };

it.each<[string, Partial<BotStatus>, string]>([
  ["nothing for a bot that works", {}, ""],
  [
    "a call that failed, whatever the state",
    { polling: { state: "polling", trouble: { ...conflict, nextTryAt: nowMs + 4_200 } } },
    "409 Conflict: another poller, 2 s ago; next try in 5 s",
  ],
  [
    "one that may come back while polling goes on",
    { polling: { state: "polling", trouble: conflict } },
    "409 Conflict: another poller, 2 s ago",
  ],
  [
    "what the state says already but once",
    {
      polling: {
        state: "waiting_for_storage",
        reason: "ENOSPC",
        trouble: { what: "ENOSPC", at: nowMs - 1_000, nextTryAt: nowMs - 1 },
      },
    },
    "ENOSPC; last 1 s ago; next try now",
  ],
  [
    "nothing of a process that is gone",
    {
      pid: undefined,
      state: "down",
      reason: "stopped by me",
      polling: { state: "stopped", trouble: conflict },
    },
    "stopped by me",
  ],
])("why tells %s", (_name, bot, expected) => {
  expect(shown(bot).why).toBe(expected);
});

it("what a silent bot said last is shown with a question mark", () => {
  expect(shown({ silentSince: nowMs - 3_000 }).receiving).toBe("polling?");
});

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
