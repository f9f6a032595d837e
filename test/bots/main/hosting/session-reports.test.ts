import { expect, it } from "vitest";
import { SessionReports } from "../../../../bots/main/hosting/session-reports.ts";
import type { SessionRecord } from "../../../../bots/main/sessions/record/session-record.ts";
import type { SessionsReport } from "../../../../shared/contract/session-report.ts";
import { identifySelf } from "../../../../shared/process/identity.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const record: SessionRecord = {
  version: 1,
  id: "abc",
  name: "work",
  conversation: { chatId: -5, topicId: 2 },
  folder: "abc",
  agent: "demo",
  persona: "default",
  model: null,
  resumeId: "secret-history",
  process: null,
  status: "suspended",
  idleTimeoutMs: 1_000,
  createdAtMs: 1,
  lastActiveAtMs: 2,
  chosenAtMs: 3,
  turns: 4,
  costUsd: 0.5,
};

function open(count = 1) {
  const clock = new ManualClock();
  const told: SessionsReport[] = [];
  const all = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    process: undefined as { identity: ReturnType<typeof identifySelf> } | undefined,
    waiting: [] as unknown[],
    record: () => record,
  }));
  const reports = new SessionReports({
    sessions: { all: () => all },
    modelOf: ({ model }) => model ?? undefined,
    tell: (report) => told.push(report),
    clock,
  });
  return { clock, told, all, reports };
}

it("tells many changes together, half a second after the first, and nothing that is known", async () => {
  const { clock, told, reports } = open();
  for (let change = 0; change < 100; change += 1) reports.changed();
  await clock.advance(499);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toHaveLength(1);
  reports.changed();
  await clock.advance(1_000);
  expect(told).toHaveLength(1);
});

it("tells what operators may see: the process that lives, what waits, and no history", async () => {
  const { clock, told, all, reports } = open();
  const identity = identifySelf();
  all[0] = { id: "abc", process: { identity }, waiting: [1, 2], record: () => record };
  reports.changed();
  await clock.advance(500);
  expect(told).toEqual([
    {
      count: 1,
      newest: [
        {
          id: "abc",
          name: "work",
          conversation: { chatId: -5, topicId: 2 },
          agent: "demo",
          status: "suspended",
          pid: identity.pid,
          waiting: 2,
          lastActiveAt: 2,
          turns: 4,
          costUsd: 0.5,
        },
      ],
    },
  ]);
});

it("tells the hundred used last, and how many there are", async () => {
  const { clock, told, reports } = open(250);
  reports.changed();
  await clock.advance(500);
  expect([told[0]?.count, told[0]?.newest.length]).toEqual([250, 100]);
});

it("tells nothing after its end", async () => {
  const { clock, told, reports } = open();
  reports.changed();
  reports.close();
  reports.changed();
  await clock.advance(5_000);
  expect(told).toEqual([]);
});
