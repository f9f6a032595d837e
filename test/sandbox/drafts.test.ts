import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Draft } from "../../supervisor/sandbox/drafts/draft.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
  expect(stage.clock.pendingTimers).toBe(0);
});

const draft = (text: string | undefined, more: object = {}) =>
  stage.call("sendMessageDraft", { chat_id: stage.me, draft_id: 7, text, ...more });
const drafts = (): readonly Draft[] => stage.sandbox.user.state().drafts;
const stop = (more: object = {}) =>
  stage.sandbox.user.stopDraft(stage.dialog, { from: stage.me, ...more });
const stopped = async () =>
  (await stage.call("getUpdates", { offset: -1 })).result.filter(
    (update: object) => "stopped_message_generation" in update,
  );

describe("a draft", () => {
  it("is shown with its formatting, and grows", async () => {
    expect((await draft("<b>Hel</b>", { parse_mode: "HTML" })).result).toBe(true);
    expect(drafts()).toEqual([
      {
        chat_id: stage.dialog,
        bot: stage.bot.id,
        draft_id: 7,
        text: "Hel",
        entities: [{ type: "bold", offset: 0, length: 3 }],
      },
    ]);
    await draft("Hello");
    expect(drafts()).toMatchObject([{ draft_id: 7, text: "Hello" }]);
    await draft("Other", { draft_id: 8 });
    expect(drafts()).toMatchObject([{ draft_id: 8, text: "Other" }]);
  });

  it("may be empty, which shows that the bot thinks", async () => {
    await draft(undefined);
    expect(drafts()).toMatchObject([{ text: "" }]);
  });

  it("is gone after 30 s without a new word", async () => {
    await draft("a");
    await stage.clock.advance(29_000);
    await draft("ab");
    await stage.clock.advance(29_999);
    expect(drafts()).toHaveLength(1);
    await stage.clock.advance(1);
    expect(drafts()).toEqual([]);
  });

  it("is dismissed by a message of the bot, and makes none itself", async () => {
    await draft("Hello");
    await stage.call("sendMessage", { chat_id: stage.me, text: "Hello there" });
    expect(drafts()).toEqual([]);
    expect(stage.sandbox.user.messages(stage.dialog)).toHaveLength(1);
  });

  it("is not for groups", async () => {
    const told = await draft("x", { chat_id: stage.group });
    expect(told.description).toBe("Bad Request: TEXTDRAFT_PEER_INVALID");
  });

  it.each([
    ["no id", { draft_id: 0 }, "draft_id must be non-zero"],
    ["too much text", { text: "x".repeat(4097) }, "message is too long"],
    ["a topic that is not there", { message_thread_id: 5 }, "message thread not found"],
  ])("with %s is refused", async (_, more, refusal) => {
    expect((await draft("x", more)).description).toBe(`Bad Request: ${refusal}`);
    expect(drafts()).toEqual([]);
  });

  it("stands in its own topic, where topics are", async () => {
    stage.sandbox.user.setPrivateTopics(stage.bot.id, true);
    const { threadId } = stage.sandbox.user.createTopic(stage.dialog, "Plan");
    await draft("in general");
    await draft("in the topic", { message_thread_id: threadId });
    await stage.call("sendMessage", { chat_id: stage.me, text: "done" });
    expect(drafts()).toMatchObject([{ message_thread_id: threadId, text: "in the topic" }]);
  });
});

describe("stopping", () => {
  it("is told to the bot, ends the draft, and further words of it are not shown", async () => {
    await draft("Hel", { can_stop: true });
    expect(stop()).toBe(7);
    expect(await stopped()).toMatchObject([
      { stopped_message_generation: { chat: { id: stage.me }, draft_id: 7 } },
    ]);
    expect(drafts()).toEqual([]);
    expect((await draft("Hello")).result).toBe(true);
    expect(drafts()).toEqual([]);
    await draft("New", { draft_id: 8 });
    expect(drafts()).toMatchObject([{ draft_id: 8 }]);
  });

  it("keeps the draft for its time where the bot wants that, without the button", async () => {
    await draft("Hel", { can_stop: true, keep_on_stop: true });
    stop({ draft_id: 7 });
    expect(drafts()).toMatchObject([{ text: "Hel" }]);
    expect(drafts()[0]).not.toHaveProperty("can_stop");
    await stage.clock.advance(30_000);
    expect(drafts()).toEqual([]);
  });

  it("needs a draft that allows it", async () => {
    await draft("Hello");
    expect(() => stop()).toThrow(/no draft/);
    expect(await stopped()).toEqual([]);
  });
});

describe("a server from before drafts", () => {
  it("does not know the methods", async () => {
    stage.sandbox.user.features.change({ drafts: false });
    expect(await draft("x")).toMatchObject({
      status: 404,
      description: "Not Found: method not found",
    });
  });
});
