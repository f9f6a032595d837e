import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

async function ask(path: string, body?: unknown, method?: string): Promise<[number, unknown]> {
  const response = await stage.ask(path.slice(1), {
    method: method ?? (body === undefined ? "GET" : "POST"),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return [response.status, await response.json()];
}

const id = (answer: [number, unknown]): number => (answer[1] as { id: number }).id;

describe("the state", () => {
  it("has the newcomer, a private chat per bot, a group, and a forum with two topics", async () => {
    const [, state] = await ask("/state");
    expect(state).toMatchObject({
      me: 900_000_000_001,
      bots: [{ id: stage.bot.id, name: "main", username: "main_sandbox_bot", first_name: "Main" }],
      users: [{ id: 900_000_000_001, is_bot: false, first_name: "Newcomer" }],
      chats: [
        { type: "group", members: [stage.me], bots: [stage.bot.id], topics: [] },
        {
          type: "supergroup",
          title: "Workshop",
          is_forum: true,
          bots: [stage.bot.id],
          topics: [
            { name: "Ideas", closed: false },
            { name: "Releases", closed: false },
          ],
        },
        { type: "private", bot_chat_id: stage.me, members: [stage.me], bots: [stage.bot.id] },
      ],
      blocked: [],
    });
    expect(JSON.stringify(state)).not.toContain(stage.bot.token);
  });
});

describe("bots", () => {
  it("are found or made, and have tokens like real ones", async () => {
    const made = await ask("/bots", { name: "buy_tracker" });
    expect(made[1]).toMatchObject({
      name: "buy_tracker",
      username: "buytracker_sandbox_bot",
      token: expect.stringMatching(/^[1-9]\d{9}:[A-Za-z0-9_-]{35}$/),
    });
    expect(await ask("/bots", { name: "buy_tracker" })).toEqual(made);
    const [, { token }] = (await ask(`/bots/${id(made)}/revoke`, {})) as [
      number,
      { token: string },
    ];
    expect(token).not.toBe((made[1] as { token: string }).token);
  });

  it("show how they poll", async () => {
    const [, polling] = await ask(`/bots/${stage.bot.id}/polling`);
    expect(polling).toEqual({
      overlappingPolls: 0,
      getUpdatesCalls: 0,
      openPolls: 0,
      parked: false,
      pending: expect.any(Number),
      highestUpdateId: expect.any(Number),
      confirmedOffset: 0,
      allowedUpdates: expect.arrayContaining(["message", "callback_query"]),
      webhookUrl: "",
    });
  });
});

describe("a conversation", () => {
  it("goes from making a person to pressing a button", async () => {
    const person = id(await ask("/users", { first_name: "Ada", username: "ada" }));
    const order = { type: "private", members: [person], bots: [stage.bot.id] };
    const chat = id(await ask("/chats", order));
    expect(id(await ask("/chats", order))).toBe(chat);
    const [status, message] = await ask(`/chats/${chat}/messages`, { from: person, text: "/go" });
    expect([status, message]).toMatchObject([200, { text: "/go", chat: { id: person } }]);
    const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
    const sent = await stage.call("sendMessage", { chat_id: person, text: "?", reply_markup });
    const { message_id } = sent.result;
    const pressed = await ask(`/chats/${chat}/press`, { from: person, message_id, data: "go" });
    expect(pressed).toEqual([200, { callback_query_id: expect.stringMatching(/^\d{19}$/) }]);
    const [, messages] = await ask(`/chats/${chat}/messages?limit=1`);
    expect(messages).toMatchObject([{ message_id, text: "?" }]);
    expect(await ask(`/users/${person}/block`, { bot: stage.bot.id, blocked: true })).toEqual([
      200,
      { ok: true },
    ]);
    const refused = await ask(`/chats/${chat}/messages`, { from: person, text: "hi" });
    expect(refused).toMatchObject([400, { error: expect.stringContaining("blocked") }]);
  });

  it("reads one topic, or General", async () => {
    const [, topic] = await ask(`/chats/${stage.forum}/topics`, { name: "Now" });
    const { message_thread_id } = topic as { message_thread_id: number };
    expect(topic).toEqual({ message_thread_id, name: "Now", closed: false });
    const say = { from: stage.me, text: "inside", message_thread_id };
    await ask(`/chats/${stage.forum}/messages`, say);
    await ask(`/chats/${stage.forum}/messages`, {
      from: stage.me,
      text: "outside",
      message_thread_id: null,
    });
    const texts = async (thread: number) => {
      const [, messages] = await ask(`/chats/${stage.forum}/messages?topic=${thread}`);
      return (messages as { text?: string }[]).flatMap(({ text }) => text ?? []);
    };
    expect(await texts(message_thread_id)).toEqual(["inside"]);
    expect(await texts(1)).toEqual(["outside"]);
    const closed = await ask(`/chats/${stage.forum}/topics/${message_thread_id}`, { closed: true });
    expect(closed[1]).toMatchObject({ closed: true });
    expect(await ask(`/chats/${stage.forum}/messages`, say)).toMatchObject([400, {}]);
  });
});

describe("the record of calls", () => {
  it("is filtered by bot, method, since and limit, and never shows a token", async () => {
    await stage.call("getMe");
    await stage.call("sendMessage", { chat_id: stage.me, text: `my token is ${stage.bot.token}` });
    await stage.call("getMe");
    const [, calls] = await ask(`/calls?bot=${stage.bot.id}&method=getme&limit=1`);
    expect(calls).toMatchObject([{ method: "getMe", status: 200, bot: stage.bot.id }]);
    const { seq } = (calls as { seq: number }[])[0] ?? { seq: 0 };
    expect(await ask(`/calls?since=${seq}`)).toEqual([200, []]);
    const everything = JSON.stringify((await ask("/calls"))[1]);
    expect(everything).toContain("my token is");
    expect(everything).not.toContain(stage.bot.token.split(":")[1]);
  });
});

describe("what the bots' server can do", () => {
  it("is switched, one thing alone or both", async () => {
    expect(await ask("/features", { rich: false })).toEqual([200, { rich: false, drafts: true }]);
    expect((await ask("/features", { drafts: false, rich: true }))[1]).toEqual({
      rich: true,
      drafts: false,
    });
    await ask("/features", { drafts: true });
    expect((await ask("/features"))[1]).toEqual({ rich: true, drafts: true });
  });
});

describe("drafts and private topics", () => {
  it("are seen, stopped and told as events", async () => {
    await ask(`/bots/${stage.bot.id}/topics`, { enabled: true });
    const [, topic] = await ask(`/chats/${stage.dialog}/topics`, { name: "Plan" });
    const { message_thread_id } = topic as { message_thread_id: number };
    const draft = { message_thread_id, draft_id: 9, text: "Hel", can_stop: true };
    const before = stage.sandbox.user.state().drafts.length;
    await stage.call("sendMessageDraft", { chat_id: stage.me, ...draft });
    const shown = { chat_id: stage.dialog, bot: stage.bot.id, ...draft };
    expect((await ask("/state"))[1]).toMatchObject({
      bots: expect.arrayContaining([expect.objectContaining({ name: "main", has_topics: true })]),
      drafts: [shown],
    });
    const stop = { from: stage.me, message_thread_id };
    const path = `/chats/${stage.dialog}/stop-draft`;
    expect(await ask(path, stop)).toEqual([200, { draft_id: 9 }]);
    expect((await ask(path, stop))[0]).toBe(404);
    expect(stage.sandbox.user.state().drafts).toHaveLength(before);
    await ask(`/bots/${stage.bot.id}/topics`, { enabled: false });
  });
});

describe("a group", () => {
  it("becomes a supergroup", async () => {
    const group = { type: "group", title: "Small", members: [stage.me], bots: [stage.bot.id] };
    const small = id(await ask("/chats", group));
    const [status, large] = await ask(`/chats/${small}/migrate`, {});
    expect([status, large]).toEqual([
      200,
      expect.objectContaining({ type: "supergroup", title: "Small", members: [stage.me] }),
    ]);
    expect((await ask(`/chats/${small}/migrate`, {}))[0]).toBe(400);
    expect((await ask(`/chats/${stage.forum}/migrate`, {}))[0]).toBe(400);
  });
});

describe("faults", () => {
  it("are ordered, listed and cleared", async () => {
    const [status, made] = await ask("/faults", { kind: "retry_after", method: "getMe", times: 3 });
    expect([status, made]).toEqual([200, { id: expect.any(Number) }]);
    expect((await ask("/faults"))[1]).toMatchObject([{ kind: "retry_after", times: 3, hits: 0 }]);
    expect(await ask("/faults", undefined, "DELETE")).toEqual([200, { ok: true }]);
    expect(await ask("/faults")).toEqual([200, []]);
  });
});

describe("mistakes", () => {
  it.each<[string, string, unknown, number, RegExp]>([
    ["an unknown path", "/nothing", undefined, 404, /no GET/],
    ["an unknown chat", "/chats/5555/messages", { from: 1, text: "a" }, 404, /chat 5555/],
    ["an unknown bot", "/bots/5/polling", undefined, 404, /bot 5/],
    ["an unknown person", "/users/5/block", { bot: 1, blocked: true }, 404, /user 5/],
    ["a missing field", "/bots", {}, 400, /^name:/],
    ["a field nobody knows", "/bots", { name: "a", colour: "red" }, 400, /colour/],
    ["an unknown kind of fault", "/faults", { kind: "meteor" }, 400, /^kind:/],
    [
      "a forum that is no supergroup",
      "/chats",
      { type: "group", is_forum: true, members: [], bots: [] },
      400,
      /supergroups/,
    ],
    [
      "a private chat of nobody",
      "/chats",
      { type: "private", members: [], bots: [] },
      400,
      /exactly one/,
    ],
    ["a limit in words", "/calls?limit=ten", undefined, 400, /limit/],
  ])("%s", async (_, path, body, status, error) => {
    expect(await ask(path, body)).toEqual([status, { error: expect.stringMatching(error) }]);
  });
});
