import { afterEach, describe, expect, it } from "vitest";
import { WorkReports } from "../../shared/bot-runtime/work-reports.ts";
import type { BotMessage } from "../../shared/contract/ipc.ts";
import { PacedBudget } from "../../shared/outbound/pacing/send-budget.ts";
import { openStage, removeFolders } from "../outbound/stage/stage.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { recordingLog } from "../support/recording-log.ts";

afterEach(removeFolders);

const intake = {
  report: () => Promise.reject(new Error("nobody asks in this test")),
};

describe("what a bot would send, told to its supervisor", () => {
  it("is heard soon after something wants to leave, whatever caused it, and when that is over", async () => {
    const clock = new ManualClock();
    const said: BotMessage[] = [];
    const link = {
      supervised: true,
      send: (message: BotMessage) => void said.push(message),
      close() {},
    };
    const reports = new WorkReports(link, clock, recordingLog());
    const budget = new PacedBudget(clock);
    const stage = await openStage({ clock, parts: { budget } });
    const { outbox } = stage;
    reports.follow({ inbox: intake, outbox, budget });
    const demands = (): number[] =>
      said.flatMap((message) =>
        message.type === "sending" ? [message.report.demandPerSecond] : [],
      );
    await clock.advance(1_000);
    expect(demands()).toEqual([0]);
    const params = { chat_id: 5, text: "Resuming session" };
    outbox.enqueue({ kind: "answer", method: "sendMessage", params });
    await clock.advance(1_000);
    expect(demands()).toEqual([0, 1]);
    await clock.advance(20_000);
    expect(demands()).toEqual([0, 1, 0]);
    reports.close();
    await stage.end();
    expect(clock.pendingTimers).toBe(0);
  });
});
