import { describe, expect, it } from "vitest";
import type { MessageOnItsWay } from "../../../../bots/main/sessions/ports.ts";
import type { FetchedFiles, IncomingMessage } from "../../../../bots/main/sessions/queue/intake.ts";
import { Gate } from "../../../support/gate.ts";
import { home, minuteMs, Stage } from "./stage/stage.ts";

const stop = (stage: Stage) =>
  stage.sessions.stop({ kind: "conversation", place: home }, stage.nextOrder());

const unneeded = () => Promise.reject(new Error("nobody needs it"));

/** As it comes when its turn has come. */
function asSent({ id, order, place, text }: MessageOnItsWay): IncomingMessage {
  return { id, order, place, text };
}

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
    const inTheLane = stage.onItsWay("behind it");
    const writing = stage.storage.hold();
    const beingWritten = stage.sessions.accept(stage.message("being written"));
    await stage.settle();
    stage.onTheirWay = [inTheLane];
    const stopping = stop(stage);
    writing();
    await stage.settle();
    const behind = stage.sessions.accept(asSent(inTheLane));
    const receipt = await stopping;
    expect(wasBrokenOff).toBe(true);
    expect(await onItsWay).toEqual({ kind: "stopped", how: "counted" });
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

  it("takes a message that has come to no session yet, although nothing runs, and leaves no mark", async () => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.onItsWay("early");
    stage.onTheirWay = [early, stage.onItsWay("elsewhere", { place: { chatId: 8 } })];
    const stopping = stop(stage);
    stage.onTheirWay = [...stage.onTheirWay, stage.onItsWay("later")];
    const receipt = await stopping;
    expect(receipt).toMatchObject({ sessions: [], cancelled: 1, lost: 0 });
    expect(stage.fence.markCount).toBe(0);
    expect(await stage.sessions.accept(asSent(early))).toEqual({ kind: "stopped", how: "counted" });
    expect(await stage.sessions.accept(asSent(early))).toEqual({ kind: "repeated" });
    expect(stage.agents.started).toEqual([]);
    expect(await stage.sessions.restore(receipt.restoreToken ?? "")).toBe(1);
    await stage.settle();
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["early"]);
  });

  it("takes it for good: also when the bot is restarted before the message comes", async () => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.onItsWay("early");
    stage.onTheirWay = [early];
    const { restoreToken = "" } = await stop(stage);
    const next = await stage.restarted();
    expect(await next.sessions.accept(asSent(early))).toEqual({ kind: "repeated" });
    expect(next.agents.started).toEqual([]);
    expect(await next.sessions.restore(restoreToken)).toBe(1);
  });

  it.each([
    ["a file", { hasFile: true }],
    ["a command before it that may choose another session", { isForAnother: true }],
  ])("says of one with %s that it is lost, and it is", async (_name, more) => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.onItsWay("early", more);
    stage.onTheirWay = [early];
    expect(await stop(stage)).toMatchObject({ cancelled: 0, lost: 1, restoreToken: undefined });
    expect(await stage.sessions.accept(asSent(early))).toEqual({ kind: "stopped", how: "counted" });
    const next = await stage.restarted();
    expect(await next.sessions.accept({ ...asSent(early), fetchFiles: unneeded })).toEqual({
      kind: "repeated",
    });
    expect(next.agents.started).toEqual([]);
  });

  it("takes what is for a session that is still to be created, and leaves alone what is for nobody", async () => {
    const stage = await Stage.open();
    const early = stage.onItsWay("do it", { isForAnother: true });
    const chatter = stage.onItsWay("lunch?", { place: { chatId: 7, topicId: 4 } });
    stage.onTheirWay = [early, chatter];
    const scope = { kind: "chat", chatId: 7 } as const;
    expect(await stage.sessions.stop(scope, stage.nextOrder())).toMatchObject({ lost: 1 });
    await stage.create();
    expect(await stage.sessions.accept(asSent(early))).toEqual({ kind: "stopped", how: "counted" });
    expect(stage.parts.journal.messages.knows(chatter.id)).toBe(false);
  });

  it("that the disk refuses is kept from running by a mark, until it can be written", async () => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.onItsWay("early");
    stage.onTheirWay = [early];
    stage.storage.break("append", "ENOSPC");
    expect(await stop(stage)).toMatchObject({ cancelled: 0, lost: 0 });
    stage.storage.heal();
    expect(await stage.sessions.accept(asSent(early))).toEqual({ kind: "stopped", how: "late" });
    expect(stage.agents.started).toEqual([]);
  });

  it("takes it once: the older of two stops that act in the wrong order changes nothing", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    const first = stage.nextOrder();
    const middle = stage.message("middle");
    const last = stage.nextOrder();
    const scope = { kind: "conversation", place: home } as const;
    await stage.sessions.stop(scope, last);
    await stage.sessions.stop(scope, first);
    expect(await stage.sessions.accept(middle)).toMatchObject({ kind: "stopped" });
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
