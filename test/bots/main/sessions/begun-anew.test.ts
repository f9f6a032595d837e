import { describe, expect, it } from "vitest";
import { rested } from "./stage/rested.ts";
import { minuteMs, Stage } from "./stage/stage.ts";

describe("a session that is begun anew", () => {
  it("counts its turns on, and goes on from there where no id is known", async () => {
    const { stage, session } = await rested();
    await stage.pass(15 * minuteMs);
    await stage.say("two");
    stage.agents.last.exit("resume_failed", "No conversation found");
    await stage.settle();
    session.decide("fresh");
    await stage.settle();
    stage.agents.last.exit("crashed");
    await stage.settle();
    expect(session.record()).toMatchObject({ turns: 1, costUsd: 0.5, status: "created" });
    await stage.say("three");
    expect(stage.agents.last.where.resume).toBeUndefined();
    stage.agents.last.endTurn();
    await stage.pass(10 * minuteMs);
    expect(session.record()).toMatchObject({ turns: 2, costUsd: 1, status: "suspended" });
    await stage.say("four");
    expect(stage.agents.last.where.resume).toBe("latest");
  });
});

describe("a session that was stopped while it waited for a seat", () => {
  it("says later how long it has really idled", async () => {
    const stage = await Stage.open({ limit: 1 });
    const [here, there] = [{ chatId: 1 }, { chatId: 2 }];
    await stage.create("a", here);
    await stage.create("b", there);
    await stage.say("one", there);
    stage.agents.last.endTurn();
    await stage.pass(15 * minuteMs);
    await stage.say("one", here);
    await stage.say("two", there);
    await stage.sessions.stop({ kind: "chat", chatId: 2 }, stage.nextOrder(), undefined);
    stage.agents.last.endTurn();
    await stage.pass(3 * 60 * minuteMs);
    await stage.say("three", there);
    expect(stage.chat.said.at(-1)?.saying).toEqual({ kind: "resuming", idleMs: 180 * minuteMs });
  });
});

describe("a session whose agent does not end", () => {
  it("says so once, and goes on as soon as it has ended", async () => {
    const { stage, agent } = await rested();
    agent.vainStops = 3;
    await stage.pass(10 * minuteMs);
    await stage.say("two");
    await stage.pass(14_999);
    expect(stage.chat.kinds).toEqual(["does_not_end"]);
    expect(stage.agents.started).toHaveLength(1);
    await stage.pass(1);
    expect(stage.chat.kinds).toEqual(["does_not_end", "resuming"]);
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["two"]);
  });
});
