import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callBotApi, openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

describe("tokens", () => {
  it.each([
    ["letters", "abc", 401, "Unauthorized: invalid token specified"],
    ["a leading zero", "0123:abc", 401, "Unauthorized: invalid token specified"],
    ["no secret", "12345", 401, "Unauthorized: invalid token specified"],
    ["81 characters", `1:${"a".repeat(79)}`, 401, "Unauthorized: invalid token specified"],
    ["nobody's", `1234567890:${"a".repeat(35)}`, 401, "Unauthorized"],
  ])("%s", async (_, token, status, description) => {
    const told = await callBotApi(stage.sandbox.url, token, "getMe");
    expect([told.status, told.description]).toEqual([status, description]);
  });

  it.each(["/bot", "/nothing", "/file/bot1:a/b", "/bot1:abc"])(
    "the path %s is none of a bot",
    async (path) => {
      const response = await fetch(stage.sandbox.url + path, { method: "DELETE" });
      expect(response.status).toBe(404);
    },
  );

  it("are refused after they were revoked; the new one is good", async () => {
    const { token, id } = stage.sandbox.user.ensureBot("revoked");
    const fresh = stage.sandbox.user.revoke(id);
    const old = await callBotApi(stage.sandbox.url, token, "getMe");
    expect([old.status, old.description]).toEqual([401, "Unauthorized"]);
    expect((await callBotApi(stage.sandbox.url, fresh, "getMe")).result.id).toBe(id);
    expect(JSON.stringify(stage.sandbox.user.calls({}))).not.toContain(token.split(":")[1]);
  });

  it("see their own bot only", async () => {
    const other = stage.sandbox.user.ensureBot("other");
    const person = stage.sandbox.user.createUser("Somebody").id;
    stage.sandbox.user.createChat({ type: "private", members: [person], bots: [stage.bot.id] });
    stage.say("for main");
    const told = await callBotApi(stage.sandbox.url, other.token, "getUpdates");
    expect(told.result).toEqual([]);
    const sent = await callBotApi(stage.sandbox.url, other.token, "sendMessage", {
      chat_id: person,
      text: "hi",
    });
    expect(sent.description).toBe("Bad Request: chat not found");
  });

  it("rest for 10 minutes after logOut, which also ends a parked poll", async () => {
    const { token, id } = stage.sandbox.user.ensureBot("leaver");
    const parked = callBotApi(stage.sandbox.url, token, "getUpdates", { timeout: 30 });
    await stage.until(() => stage.sandbox.user.polling(id).parked);
    expect((await callBotApi(stage.sandbox.url, token, "logOut")).result).toBe(true);
    expect((await parked).description).toBe("Logged out");
    expect((await callBotApi(stage.sandbox.url, token, "getMe")).description).toBe("Logged out");
    await stage.clock.advance(600_000);
    expect((await callBotApi(stage.sandbox.url, token, "getMe")).status).toBe(200);
  });
});
