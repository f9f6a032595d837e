import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventLog } from "../../../supervisor/sandbox/events/event-log.ts";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
});

interface Seen {
  seq: number;
  type: string;
  [field: string]: unknown;
}

/** Reads the stream until `count` events came. */
async function follow(
  count: number,
  options: { since?: number; lastEventId?: string; meanwhile?: () => unknown } = {},
): Promise<Seen[]> {
  const leaving = new AbortController();
  const since = options.since === undefined ? "" : `?since=${options.since}`;
  const response = await stage.ask(`events${since}`, {
    signal: leaving.signal,
    headers: options.lastEventId === undefined ? {} : { "last-event-id": options.lastEventId },
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  await options.meanwhile?.();
  const seen: Seen[] = [];
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString("utf8");
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks)
      seen.push(JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null") as Seen);
    if (seen.length >= count) break;
  }
  leaving.abort();
  return seen.slice(0, count);
}

describe("the event stream", () => {
  it("greets with the current number, then follows what happens", async () => {
    const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
    const seen = await follow(11, {
      meanwhile: async () => {
        stage.say("hello");
        const sent = await stage.call("sendMessage", {
          chat_id: stage.me,
          text: "?",
          reply_markup,
        });
        const { message_id } = sent.result;
        const target = { chat_id: stage.me, message_id };
        await stage.call("editMessageReplyMarkup", { ...target, reply_markup });
        const callback_query_id = stage.sandbox.user.press(
          stage.dialog,
          stage.me,
          message_id,
          "go",
        );
        await stage.call("answerCallbackQuery", { callback_query_id, text: "Done" });
        await stage.call("sendChatAction", { chat_id: stage.me, action: "typing" });
        await stage.call("deleteMessage", target);
      },
    });
    expect(seen[0]).toMatchObject({ type: "hello" });
    const first = seen[0]?.seq ?? 0;
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => first + index));
    expect(seen.slice(1)).toMatchObject([
      { type: "message", chat_id: stage.dialog, message: { text: "hello" } },
      { type: "message", chat_id: stage.dialog, message: { text: "?" } },
      { type: "call", call: { method: "sendMessage", status: 200 } },
      { type: "call", call: { method: "editMessageReplyMarkup", status: 400 } },
      { type: "callback_answer", chat_id: stage.dialog, bot: stage.bot.id, text: "Done" },
      { type: "call" },
      { type: "chat_action", chat_id: stage.dialog, action: "typing" },
      { type: "call" },
      { type: "message_deleted", chat_id: stage.dialog },
      { type: "call", call: { method: "deleteMessage", durationMs: 0 } },
    ]);
  });

  it("shows a draft, its words and why it went", async () => {
    const draft = (draft_id: number, text: string) =>
      stage.call("sendMessageDraft", { chat_id: stage.me, draft_id, text, can_stop: true });
    const seen = await follow(12, {
      meanwhile: async () => {
        await draft(1, "He");
        await stage.call("sendMessage", { chat_id: stage.me, text: "Hello" });
        await draft(2, "Wo");
        stage.sandbox.user.stopDraft(stage.dialog, { from: stage.me });
        await draft(3, "x");
        await stage.clock.advance(30_000);
      },
    });
    const where = { chat_id: stage.dialog, bot: stage.bot.id };
    expect(seen.filter(({ type }) => type.startsWith("draft"))).toMatchObject([
      { type: "draft", ...where, draft_id: 1, text: "He", can_stop: true },
      { type: "draft_gone", ...where, draft_id: 1, why: "sent" },
      { type: "draft", draft_id: 2 },
      { type: "draft_gone", draft_id: 2, why: "stopped" },
      { type: "draft", draft_id: 3 },
      { type: "draft_gone", draft_id: 3, why: "expired" },
    ]);
  });

  it("names the topic of a topic's messages", async () => {
    const { threadId } = stage.sandbox.user.createTopic(stage.forum, "Now");
    const [, event] = await follow(2, {
      meanwhile: () =>
        stage.sandbox.user.say(stage.forum, {
          from: stage.me,
          text: "in",
          message_thread_id: threadId,
        }),
    });
    expect(event).toMatchObject({ chat_id: stage.forum, message_thread_id: threadId });
  });

  it.each(["since", "last-event-id"])("goes on behind %s without a gap", async (how) => {
    const [hello] = await follow(1);
    const seq = hello?.seq ?? 0;
    stage.say("one");
    stage.say("two");
    const options = how === "since" ? { since: seq } : { lastEventId: String(seq) };
    const seen = await follow(4, { ...options, meanwhile: () => stage.say("three") });
    expect(seen[0]).not.toHaveProperty("gap");
    expect(seen.slice(1).map(({ message }) => (message as { text: string }).text)).toEqual([
      "one",
      "two",
      "three",
    ]);
  });

  it("says when events are missing: of another run, for example", async () => {
    expect(await follow(1, { since: 1_000_000 })).toMatchObject([{ type: "hello", gap: true }]);
  });

  it("forgets watchers who left", async () => {
    await follow(1);
    for (let number = 0; number < 100; number += 1) stage.say("to nobody");
    expect(await follow(1)).toHaveLength(1);
  });
});

describe("the memory of events", () => {
  it("is bounded, and knows what it no longer has", () => {
    const events = new EventLog(() => 0);
    for (let number = 0; number < 25_000; number += 1) events.record({ type: "state" });
    expect(events.since(0)).toBeUndefined();
    expect(events.since(25_001)).toBeUndefined();
    expect(events.since(25_000)).toEqual([]);
    expect(
      events
        .since(20_001)
        ?.map(({ seq }) => seq)
        .at(0),
    ).toBe(20_002);
    expect(events.since(20_001)).toHaveLength(4999);
  });
});
