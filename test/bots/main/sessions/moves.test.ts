import { describe, expect, it } from "vitest";
import type { FetchedFiles } from "../../../../bots/main/sessions/queue/intake.ts";
import { Gate } from "../../../support/gate.ts";
import { Stage } from "./stage/stage.ts";

const group = { chatId: -5 };
const large = { chatId: -1005 };
const topic = { chatId: -1005, topicId: 9 };

const stop = (stage: Stage, place = large) =>
  stage.sessions.stop({ kind: "conversation", place }, stage.nextOrder());

describe("a group that becomes a supergroup", () => {
  it("takes its sessions along, the active one as such, however often it is told", async () => {
    const stage = await Stage.open();
    await stage.create("first", group);
    const second = await stage.create("second", group);
    const other = await stage.create("other", { chatId: -6 });
    stage.sessions.chatMoved(-5, -1005);
    stage.sessions.chatMoved(-5, -1005);
    expect(stage.sessions.active(large)?.id).toBe(second.id);
    expect(stage.sessions.find(-1005, "first")).toBeDefined();
    expect(stage.sessions.active(group)).toBeUndefined();
    expect(other.record().conversation).toEqual({ chatId: -6 });
    await stage.settle();
    const next = await stage.restarted();
    expect(next.sessions.active(large)?.id).toBe(second.id);
    expect(next.sessions.all()).toHaveLength(3);
  });

  it("keeps its turn, its queue and its timer; a stop there ends what was begun before", async () => {
    const stage = await Stage.open();
    await stage.create("work", group);
    await stage.say("one", group);
    await stage.say("two", group);
    const agent = stage.agents.last;
    stage.sessions.chatMoved(-5, -1005);
    agent.say("said after the move");
    expect(stage.chat.turns.at(-1)?.text).toBe("said after the move");
    const receipt = await stop(stage);
    expect(receipt).toMatchObject({ cancelled: 1, sessions: [{ how: "interrupted" }] });
    agent.say("late words");
    await stage.settle();
    expect(stage.chat.turns.at(-1)?.text).toBe("said after the move");
    expect(await stage.sessions.restore(receipt.restoreToken ?? "")).toBe(1);
    await stage.settle();
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two"]);
    agent.endTurn("the end");
    await stage.pass(10 * 60_000);
    expect(stage.agents.alive).toEqual([]);
  });

  it("is one conversation for a stop: what was on its way to the old one is stopped in the new one", async () => {
    const stage = await Stage.open();
    await stage.create("work", group);
    const fetching = new Gate();
    const fetchFiles = async (_: string, signal: AbortSignal): Promise<FetchedFiles> => {
      signal.addEventListener("abort", () => {
        fetching.fail(new Error("broken off"));
      });
      await fetching.passed;
      return { attachments: [], problems: [] };
    };
    const coming = stage.sessions.accept({ ...stage.message("file", group), fetchFiles });
    const before = stage.message("sent before the stop", group);
    await stage.settle();
    stage.sessions.chatMoved(-5, -1005);
    const stopping = stop(stage);
    await stage.pass(1_000);
    expect(await stopping).toMatchObject({ sessions: [], cancelled: 0, lost: 1 });
    expect(await coming).toEqual({ kind: "stopped", how: "counted" });
    // Whoever hears it names the chat by its new id.
    expect(await stage.sessions.accept({ ...before, place: large })).toEqual({
      kind: "stopped",
      how: "late",
    });
    expect(await stage.say("after it", large)).toMatchObject({ kind: "accepted" });
  });
});

describe("a topic that is gone", () => {
  it("is told once in the chat, for all its sessions, also over a restart", async () => {
    const stage = await Stage.open();
    const [a, b] = [await stage.create("a", topic), await stage.create("b", topic)];
    stage.sessions.topicGone(topic);
    stage.sessions.topicGone(topic);
    stage.sessions.topicGone({ chatId: -1005, topicId: 8 });
    await stage.settle();
    const next = await stage.restarted();
    next.sessions.topicGone(topic);
    await next.settle();
    expect(next.chat.said).toHaveLength(1);
    const [{ place, saying } = {}] = next.chat.said;
    expect(place).toBe("-1005");
    expect(saying).toMatchObject({ kind: "topic_gone" });
    if (saying?.kind !== "topic_gone") throw new Error("something else was said");
    expect(new Set(saying.sessions.map(({ id }) => id))).toEqual(new Set([a.id, b.id]));
  });

  it("counts as there again when somebody is heard in it, and is told again", async () => {
    const stage = await Stage.open();
    const session = await stage.create("work", topic);
    stage.sessions.topicGone(topic);
    await stage.say("it was only closed", topic);
    expect(session.record().isTopicGone).toBe(false);
    await stage.pass(1_000);
    stage.sessions.topicGone(topic);
    await stage.settle();
    expect(stage.chat.kinds).toEqual(["topic_gone", "topic_gone"]);
  });

  it("its session goes on elsewhere with its turn, its queue and its history; a stop there ends it", async () => {
    const stage = await Stage.open();
    const session = await stage.create("work", topic);
    await stage.say("one", topic);
    await stage.say("two", topic);
    stage.sessions.topicGone(topic);
    stage.sessions.bringTo(session, large);
    expect(stage.sessions.active(large)).toBe(session);
    expect(stage.sessions.active(topic)).toBeUndefined();
    const agent = stage.agents.last;
    agent.say("goes on");
    expect(stage.chat.turns.at(-1)?.text).toBe("goes on");
    expect(await stop(stage)).toMatchObject({ cancelled: 1, sessions: [{ how: "interrupted" }] });
    agent.say("late words");
    expect(stage.chat.turns.at(-1)?.text).toBe("goes on");
    await stage.say("three", large);
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "three"]);
    expect(agent.where.sessionId).toBe(session.id);
  });
});
