import { describe, expect, it } from "vitest";
import type { FetchedFiles } from "../../../../bots/main/sessions/queue/intake.ts";
import { Gate } from "../../../support/gate.ts";
import { home, minuteMs, Stage } from "./stage/stage.ts";

const stop = (stage: Stage) =>
  stage.sessions.stop({ kind: "conversation", place: home }, stage.nextOrder());

describe("a stop, of what was sent before it,", () => {
  it("takes messages that are still on their way, and those sent before it that come after it", async () => {
    const stage = await Stage.open();
    await stage.create();
    const fetching = new Gate();
    let wasBrokenOff = false;
    const fetchFiles = async (_folder: string, signal: AbortSignal): Promise<FetchedFiles> => {
      signal.addEventListener("abort", () => {
        wasBrokenOff = true;
        fetching.fail(new Error("broken off"));
      });
      await fetching.passed;
      return { attachments: [], problems: [] };
    };
    const onItsWay = stage.sessions.accept({ ...stage.message("with a file"), fetchFiles });
    const inTheLane = stage.message("behind it");
    const writing = stage.storage.hold();
    const beingWritten = stage.sessions.accept(stage.message("being written"));
    await stage.settle();
    stage.onTheirWay = [inTheLane];
    const stopping = stop(stage);
    writing();
    await stage.settle();
    const behind = stage.sessions.accept(inTheLane);
    stage.onTheirWay = [];
    await stage.pass(20);
    const receipt = await stopping;
    expect(wasBrokenOff).toBe(true);
    expect(await onItsWay).toEqual({ kind: "stopped", how: "lost" });
    expect(await beingWritten).toEqual({ kind: "stopped", how: "counted" });
    expect(await behind).toEqual({ kind: "stopped", how: "counted" });
    expect(receipt).toMatchObject({ cancelled: 2, lost: 1 });
    expect(stage.agents.started).toEqual([]);

    expect(await stage.say("after it")).toMatchObject({ kind: "accepted" });
    expect(stage.fence.markCount).toBe(0);
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["after it"]);
    expect(await stage.sessions.restore(receipt.restoreToken ?? "")).toBe(2);
    for (let round = 0; round < 3; round += 1) {
      stage.agents.last.endTurn();
      await stage.settle();
    }
    expect(
      stage.agents.last.sent
        .map(({ text }) => text)
        .slice(1)
        .toSorted(),
    ).toEqual(["behind it", "being written"]);
  });

  it("takes a message that has come to no session yet, although nothing runs", async () => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.message("early");
    stage.onTheirWay = [early, { ...stage.message("elsewhere"), place: { chatId: 8 } }];
    const stopping = stop(stage);
    await stage.pass(500);
    expect(await stage.sessions.accept(early)).toEqual({ kind: "stopped", how: "counted" });
    stage.onTheirWay = [];
    await stage.pass(20);
    const receipt = await stopping;
    expect(receipt).toMatchObject({ sessions: [], cancelled: 1, onTheirWay: 0 });
    expect(stage.agents.started).toEqual([]);
    expect(await stage.sessions.restore(receipt.restoreToken ?? "")).toBe(1);
    await stage.settle();
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["early"]);
  });

  it("says of a message that does not come in time that it is cancelled when it does", async () => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.message("early");
    stage.onTheirWay = [early];
    const stopping = stop(stage);
    await stage.pass(2_000);
    expect(await stopping).toMatchObject({ sessions: [], cancelled: 0, onTheirWay: 1 });
    expect(await stage.sessions.accept(early)).toEqual({ kind: "stopped", how: "late" });
  });

  it("does not swallow messages for ever where Telegram begins with smaller numbers", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    await stage.sessions.stop({ kind: "conversation", place: home }, 1_000_000);
    const early = { ...stage.message("early"), order: 7 };
    expect(await stage.sessions.accept(early)).toEqual({ kind: "stopped", how: "late" });
    await stage.pass(5 * minuteMs);
    const late = { ...stage.message("late"), order: 7 };
    expect(await stage.sessions.accept(late)).toMatchObject({ kind: "accepted" });
  });
});
