import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Api, TelegramApiError } from "../../../shared/telegram/bot-api.ts";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
  expect(stage.clock.pendingTimers).toBe(0);
});

const other =
  "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

describe("getUpdates with the library's client", () => {
  it("parks and returns what comes, written as the library types it", async () => {
    const api = new Api(stage.bot.token, { apiRoot: stage.sandbox.url, maxRetries: 0 });
    const polled = api.getUpdates({ timeout: 30 });
    await stage.untilOpen(1);
    stage.say("/start now");
    await stage.clock.advance(1);
    const [update] = await polled;
    expect(update).toMatchObject({
      message: {
        text: "/start now",
        chat: { id: stage.me, type: "private", first_name: "Newcomer" },
        from: { id: stage.me, is_bot: false },
        entities: [{ type: "bot_command", offset: 0, length: 6 }],
      },
    });
    expect(await api.getUpdates({ offset: (update?.update_id ?? 0) + 1 })).toEqual([]);
  });

  it("is a TelegramApiError 409 for the older parked call", async () => {
    const api = new Api(stage.bot.token, { apiRoot: stage.sandbox.url, maxRetries: 0 });
    const older = api.getUpdates({ timeout: 30 }).catch((error: unknown) => error);
    await stage.untilOpen(1);
    const newer = stage.call("getUpdates", { timeout: 1 });
    const thrown = await older;
    expect(thrown).toBeInstanceOf(TelegramApiError);
    expect(thrown).toMatchObject({ errorCode: 409, description: other });
    await stage.clock.advance(3000);
    expect((await newer).result).toEqual([]);
  });
});

describe("parking over sockets", () => {
  it("outlives a caller who hangs up, and its 409 goes to nobody", async () => {
    const leaving = new AbortController();
    const left = stage.call("getUpdates", { timeout: 30 }, leaving.signal).catch(() => "left");
    await stage.untilOpen(1);
    leaving.abort();
    await left;
    await stage.untilOpen(0);
    expect(stage.sandbox.user.polling(stage.bot.id)).toMatchObject({ parked: true, openPolls: 0 });
    // The successor aborts the orphan and sees nothing of it.
    const successor = stage.call("getUpdates", { timeout: 5 });
    await stage.untilOpen(1);
    const [orphan] = stage.sandbox.user.calls({ method: "getUpdates" });
    expect(orphan).toMatchObject({ status: 409, callerGone: true });
    stage.say("hello");
    await stage.clock.advance(1);
    expect((await successor).result).toHaveLength(1);
  });

  it("keeps updates that an orphaned call would have taken", async () => {
    const leaving = new AbortController();
    const left = stage.call("getUpdates", { timeout: 30 }, leaving.signal).catch(() => "left");
    await stage.untilOpen(1);
    leaving.abort();
    await left;
    stage.say("hello");
    await stage.clock.advance(5);
    expect((await stage.call("getUpdates", { limit: 5 })).result).toHaveLength(1);
  });
});

describe("parameters of getUpdates", () => {
  it.each([
    ["limit", { limit: 2 }, 2],
    ["limit 0", { limit: 0 }, 1],
    ["limit 1000", { limit: 1000 }, 100],
  ])("%s", async (_, parameters, expected) => {
    for (let number = 0; number < 120; number += 1) stage.say(`message ${number}`);
    expect((await stage.call("getUpdates", parameters)).result).toHaveLength(expected);
  });

  it("remembers allowed_updates and shows it in getWebhookInfo", async () => {
    await stage.call("getUpdates", { allowed_updates: ["callback_query"] });
    stage.say("not asked for");
    const info = await stage.call("getWebhookInfo");
    expect(info.result).toMatchObject({
      pending_update_count: 0,
      allowed_updates: ["callback_query"],
    });
    // Sooner, the same offset again would park.
    await stage.clock.advance(3000);
    await stage.call("getUpdates", { allowed_updates: "no json" });
    expect((await stage.call("getWebhookInfo")).result.allowed_updates).toEqual(["callback_query"]);
    await stage.clock.advance(3000);
    await stage.call("getUpdates", { allowed_updates: [] });
    expect((await stage.call("getWebhookInfo")).result).not.toHaveProperty("allowed_updates");
  });

  it("refuses what is no number", async () => {
    expect(await stage.call("getUpdates", { limit: "many" })).toMatchObject({
      status: 400,
      description: 'Bad Request: field "limit" must be of type Number',
    });
  });
});

describe("a large answer", () => {
  it("is cut at 4 MiB; the rest comes with the next call", async () => {
    const text = "ä".repeat(4096);
    for (let number = 0; number < 600; number += 1) stage.say(text);
    let offset = 0;
    let received = 0;
    let calls = 0;
    while (received < 600) {
      const { result } = await stage.call("getUpdates", { offset });
      await stage.clock.advance(3000);
      received += result.length;
      offset = result.at(-1).update_id + 1;
      calls += 1;
      expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(2 ** 22);
    }
    expect([received, calls]).toEqual([600, 6]);
  });
});
