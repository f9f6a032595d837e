import { afterEach, expect, it } from "vitest";
import { reply } from "../../../shared/bot-runtime/commands/reply.ts";
import { routeThroughOutbox } from "../../../shared/outbound/library/outbox-api.ts";
import { Bot, type Update } from "../../../shared/telegram/bot-api.ts";
import { flood, refusal } from "../../outbound/stage/fake-telegram.ts";
import { openStage, removeFolders, type Stage } from "../../outbound/stage/stage.ts";

afterEach(removeFolders);

const message = {
  message_id: 3,
  date: 0,
  chat: { id: -5, type: "supergroup" as const, title: "G" },
  from: { id: 1, is_bot: false, first_name: "U" },
  text: "/start",
};

function bot(stage: Stage): Bot {
  const made = new Bot("42:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  made.catch((error) => {
    throw error;
  });
  routeThroughOutbox(made, stage.outbox, 42);
  made.use((ctx) => reply(ctx, "hello"));
  return made;
}

it.each([
  ["Telegram asks for seven minutes of silence", flood(420), "accepted"],
  [
    "the person has blocked the bot",
    refusal("Forbidden: bot was blocked by the user", 403),
    "failed",
  ],
  ["Telegram refuses it", refusal("Bad Request: chat not found"), "failed"],
])(
  "a command is handled when its answer is written down, also when %s",
  async (_, trouble, end) => {
    const stage = await openStage();
    stage.telegram.next(trouble);
    // Resolves although no time passes.
    await bot(stage).handleUpdate({ update_id: 1, message });
    expect(stage.storage.lines.map(({ t }) => t)).toContain("accepted");
    await stage.clock.advance(100);
    expect(stage.telegram.texts()).toEqual(["hello"]);
    expect(stage.outbox.snapshot().totals.failed).toBe(end === "failed" ? 1 : 0);
    await stage.clock.advance(430_000);
    expect(stage.telegram.calls).toHaveLength(end === "failed" ? 1 : 3);
    await stage.end();
  },
);

it("a command that is handled again after a crash is answered once", async () => {
  const stage = await openStage();
  for (let time = 0; time < 2; time += 1) {
    await bot(stage).handleUpdate({ update_id: 1, message });
    await stage.clock.advance(1_000);
  }
  expect(stage.telegram.texts()).toEqual(["hello"]);
  await stage.end();
});

it.each<[string, Update, object]>([
  [
    "in its topic",
    { update_id: 1, message: { ...message, message_thread_id: 9, is_topic_message: true } },
    { chat_id: -5, message_thread_id: 9, text: "hello" },
  ],
  [
    "in the chat where it answers a message there",
    { update_id: 1, message: { ...message, message_thread_id: 9 } },
    { chat_id: -5, text: "hello" },
  ],
])("a command is answered %s", async (_, update, params) => {
  const stage = await openStage();
  await bot(stage).handleUpdate(update);
  await stage.clock.advance(1_000);
  expect(stage.telegram.calls.map((call) => call.params)).toEqual([params]);
  await stage.end();
});

it("a command fails while its answer cannot be written down, and can be handled again", async () => {
  const stage = await openStage();
  stage.storage.break("append", "ENOSPC");
  const handled = bot(stage).handleUpdate({ update_id: 1, message });
  await expect(handled).rejects.toThrow("the disk is full");
  stage.storage.heal();
  await bot(stage).handleUpdate({ update_id: 1, message });
  await stage.clock.advance(1_000);
  expect(stage.telegram.texts()).toEqual(["hello"]);
  await stage.end();
});
