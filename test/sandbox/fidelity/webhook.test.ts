import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
});

const url = "https://example.org/hook";

describe("a webhook", () => {
  it("makes getUpdates a 409 for the caller, and pending updates stay", async () => {
    expect(await stage.call("setWebhook", { url, allowed_updates: ["message"] })).toMatchObject({
      result: true,
    });
    stage.say("hello");
    expect(await stage.call("getUpdates")).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    const { result } = await stage.call("getWebhookInfo");
    expect(result).toEqual({
      url,
      has_custom_certificate: false,
      pending_update_count: 1,
      max_connections: 40,
      allowed_updates: ["message"],
      last_error_date: Math.floor(stage.clock.now() / 1000),
      last_error_message: "Connection refused",
    });
    await stage.call("deleteWebhook");
    expect((await stage.call("getUpdates")).result).toHaveLength(1);
  });

  it("throttles its 409s like the others", async () => {
    await stage.call("setWebhook", { url });
    expect((await stage.call("getUpdates")).status).toBe(409);
    const second = stage.call("getUpdates");
    await stage.untilOpen(1);
    await stage.clock.advance(2999);
    expect(stage.sandbox.user.polling(stage.bot.id).openPolls).toBe(1);
    await stage.clock.advance(1);
    expect((await second).status).toBe(409);
  });

  it("ends a parked poll when it is set", async () => {
    const parked = stage.call("getUpdates", { timeout: 30 });
    await stage.untilOpen(1);
    await stage.call("setWebhook", { url });
    expect(await parked).toMatchObject({
      status: 409,
      description: "Conflict: terminated by setWebhook request",
    });
  });

  it("is set at most once a second", async () => {
    await stage.call("setWebhook", { url });
    const refused = await stage.call("setWebhook", { url });
    expect(refused).toMatchObject({ status: 429, parameters: { retry_after: 1 } });
    await stage.clock.advance(1000);
    expect((await stage.call("setWebhook", { url })).status).toBe(200);
  });

  it.each([
    ["deleteWebhook", { drop_pending_updates: true }],
    ["setWebhook", { url: "", drop_pending_updates: true }],
    ["setWebhook", { url, drop_pending_updates: true }],
  ])("%s %j drops what is pending when asked to", async (method, parameters) => {
    stage.say("hello");
    await stage.call(method, parameters);
    expect((await stage.call("getWebhookInfo")).result.pending_update_count).toBe(0);
  });

  it("deleting none is a cheap true that disturbs no poll", async () => {
    const parked = stage.call("getUpdates", { timeout: 30 });
    await stage.untilOpen(1);
    expect((await stage.call("deleteWebhook")).result).toBe(true);
    expect(stage.sandbox.user.polling(stage.bot.id).parked).toBe(true);
    await stage.clock.advance(30_000);
    expect((await parked).result).toEqual([]);
  });

  it.each([
    ["http://example.org", "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"],
    ["https://", "Bad Request: invalid webhook URL specified"],
  ])("refuses %s", async (wrong, description) => {
    expect(await stage.call("setWebhook", { url: wrong })).toMatchObject({
      status: 400,
      description,
    });
  });

  it("never shows its secret", async () => {
    await stage.call("setWebhook", { url, secret_token: "verysecret" });
    expect(JSON.stringify(stage.sandbox.user.calls({}))).not.toContain("verysecret");
  });
});
