import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;
let supergroup: number;

beforeAll(async () => {
  stage = await openStage();
  stage.say("before", stage.group);
  const { id } = stage.sandbox.user.migrate(stage.group);
  supergroup = id;
});

afterAll(async () => {
  await stage.close();
});

describe("a group that has become a supergroup", () => {
  it("is told to its bots in both chats", async () => {
    const { result } = await stage.call("getUpdates", { offset: -2 });
    expect(result).toMatchObject([
      { message: { chat: { id: stage.group, type: "group" }, migrate_to_chat_id: supergroup } },
      {
        message: {
          message_id: 1,
          chat: { id: supergroup, type: "supergroup", title: "Lounge" },
          migrate_from_chat_id: stage.group,
        },
      },
    ]);
  });

  it.each([
    ["sendMessage", { text: "x" }],
    ["sendChatAction", { action: "typing" }],
    ["editMessageText", { message_id: 1, text: "x" }],
    ["deleteMessage", { message_id: 1 }],
  ])("answers %s with its new id", async (method, parameters) => {
    const told = await stage.call(method, { chat_id: stage.group, ...parameters });
    expect(told).toMatchObject({
      status: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: supergroup },
    });
  });

  it("goes on in the new chat, for people too", async () => {
    expect((await stage.call("sendMessage", { chat_id: supergroup, text: "x" })).status).toBe(200);
    stage.say("here", supergroup);
    expect(() => stage.say("there", stage.group)).toThrow(String(supergroup));
    const { chats } = stage.sandbox.user.state();
    expect(chats.find(({ id }) => id === stage.group)?.migrated_to).toBe(supergroup);
    const { members, bots } = chats.find(({ id }) => id === supergroup) ?? {};
    expect({ members, bots }).toEqual({ members: [stage.me], bots: [stage.bot.id] });
  });

  it("does so once, and only a basic group does", () => {
    const { user } = stage.sandbox;
    expect(() => user.migrate(stage.group)).toThrow(/already/);
    expect(() => user.migrate(stage.forum)).toThrow(/basic group/);
  });
});
