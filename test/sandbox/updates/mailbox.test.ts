import { beforeEach, describe, expect, it } from "vitest";
import type { UpdateType } from "../../../shared/telegram/bot-api.ts";
import { Mailbox } from "../../../supervisor/sandbox/updates/mailbox.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const day = 86_400_000;
let clock: ManualClock;
let nextId: number;
let mailbox: Mailbox;
let changes: number;

const ids = {
  next: () => {
    nextId += 1;
    return nextId - 1;
  },
  jump: () => {
    nextId = 5_000_000;
  },
};

beforeEach(() => {
  clock = new ManualClock();
  nextId = 100;
  changes = 0;
  mailbox = new Mailbox(clock, ids, () => {
    changes += 1;
  });
});

async function bodies(offset = 0): Promise<string[]> {
  // A different offset each time would confirm; the clock keeps the same-offset rule away.
  await clock.advance(3000);
  const answer = await mailbox.getUpdates({ offset, limit: 100, timeoutSeconds: 0 }, undefined);
  return answer.kind === "updates" ? answer.updates.map(({ id, body }) => `${id} ${body}`) : [];
}

describe("retention per kind", () => {
  it.each<[UpdateType, number]>([
    ["message", 86_400],
    ["edited_message", 86_400],
    ["my_chat_member", 86_400],
    ["callback_query", 150],
    ["shipping_query", 150],
    ["pre_checkout_query", 150],
    ["chosen_inline_result", 600],
    ["inline_query", 30],
  ])("%s is kept %i s", async (kind, seconds) => {
    mailbox.deliver(kind, "{}");
    await clock.advance(seconds * 1000);
    expect(mailbox.pending).toBe(1);
    await clock.advance(1);
    expect(mailbox.pending).toBe(0);
    expect(await bodies()).toEqual([]);
  });
});

describe("allowed_updates", () => {
  it("applies when an update is created: what was not allowed then never comes", async () => {
    mailbox.allow(["message"]);
    mailbox.deliver("callback_query", "{}");
    mailbox.allow(["callback_query"]);
    mailbox.deliver("callback_query", "{}");
    mailbox.deliver("message", "{}");
    mailbox.allow(["message"]);
    expect(await bodies()).toEqual([`100 "callback_query":{}`]);
  });

  it("is remembered across a restart", () => {
    mailbox.allow(["message"]);
    const again = new Mailbox(clock, ids, () => {}, mailbox.save());
    again.deliver("callback_query", "{}");
    expect(again.pending).toBe(0);
  });
});

describe("update ids", () => {
  it("go on by one, and take up no id for what is not allowed", async () => {
    mailbox.deliver("message", "{}");
    mailbox.deliver("chat_member", "{}");
    mailbox.deliver("message", "{}");
    expect(await bodies()).toEqual([`100 "message":{}`, `101 "message":{}`]);
  });

  it("jump after a week without updates", async () => {
    mailbox.deliver("message", "{}");
    await clock.advance(7 * day);
    mailbox.deliver("message", "{}");
    expect(mailbox.highestUpdateId).toBe(101);
    await clock.advance(7 * day + 1);
    mailbox.deliver("message", "{}");
    expect(await bodies()).toEqual([`5000000 "message":{}`]);
  });

  it("may jump below: the old offset then reads from the head", async () => {
    nextId = 9_000_000;
    mailbox.deliver("message", "{}");
    await bodies(9_000_001);
    await clock.advance(8 * day);
    mailbox.deliver("message", "{}");
    expect(await bodies(9_000_001)).toEqual([`5000000 "message":{}`]);
  });
});

describe("a restart", () => {
  it("keeps what is pending, the confirmed offset and the webhook", async () => {
    mailbox.deliver("message", `{"n":1}`);
    mailbox.deliver("message", `{"n":2}`);
    await bodies(101);
    mailbox.webhook.set({ url: "https://example.org/", maxConnections: 40 });
    const saved = mailbox.save();
    const again = new Mailbox(clock, ids, () => {}, saved);
    expect([again.pending, again.confirmedOffset, again.highestUpdateId]).toEqual([1, 101, 101]);
    expect(again.webhook.active).toBe(true);
    expect(again.save()).toEqual(saved);
  });
});

describe("changes", () => {
  it("are told when something is confirmed, not when a poll repeats itself", async () => {
    mailbox.deliver("message", "{}");
    const before = changes;
    await bodies(0);
    await bodies(0);
    expect(changes).toBe(before);
    await bodies(101);
    expect(changes).toBe(before + 1);
  });
});
