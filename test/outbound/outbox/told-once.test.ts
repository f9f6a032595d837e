import { afterEach, describe, expect, it } from "vitest";
import type { Place } from "../../../shared/outbound/queue/item.ts";
import { refusal } from "../stage/fake-telegram.ts";
import { openStage, removeFolders, type Stage, text } from "../stage/stage.ts";

afterEach(removeFolders);

const blockedByUser = refusal("Forbidden: bot was blocked by the user", 403);
const topicClosed = refusal("Bad Request: TOPIC_CLOSED");

async function sayInTopic(stage: Stage): Promise<void> {
  const params = { chat_id: -5, message_thread_id: 9, text: "a" };
  stage.outbox.enqueue({ kind: "answer", method: "sendMessage", params });
  await stage.clock.advance(10_000);
}

describe("what the log and the owner are told once", () => {
  it("a chat that blocked us, also when it is tried again and again; anew when it was reached", async () => {
    const blocked: unknown[] = [];
    const hooks = { onChatBlocked: (id: unknown) => void blocked.push(id) };
    const stage = await openStage({ parts: { hooks } });
    const isTold = () => stage.log.of("warn").filter((line) => line.includes("may not write"));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      stage.telegram.next(blockedByUser);
      stage.outbox.heardFrom(1);
      stage.outbox.enqueue(text(1, `a${attempt}`));
      await stage.clock.advance(5_000);
    }
    expect([blocked, isTold().length]).toEqual([[1], 1]);
    stage.outbox.heardFrom(1);
    stage.outbox.enqueue(text(1, "b"));
    await stage.clock.advance(5_000);
    stage.telegram.next(blockedByUser);
    stage.outbox.enqueue(text(1, "c"));
    await stage.clock.advance(5_000);
    expect([blocked, isTold().length]).toEqual([[1, 1], 2]);
    await stage.end();
  });

  it("a topic that is closed; anew when it was open in between", async () => {
    const gone: Place[] = [];
    const hooks = { onTopicGone: (place: Place) => void gone.push(place) };
    const stage = await openStage({ parts: { hooks } });
    for (let time = 0; time < 2; time += 1) {
      stage.telegram.next(topicClosed);
      await sayInTopic(stage);
    }
    expect(gone).toHaveLength(1);
    await sayInTopic(stage);
    stage.telegram.next(topicClosed);
    await sayInTopic(stage);
    expect(gone).toHaveLength(2);
    await stage.end();
  });

  it("an answer that failed, with its chat and its id", async () => {
    const stage = await openStage();
    stage.telegram.next(refusal("Bad Request: chat not found"));
    stage.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await stage.clock.advance(5_000);
    const [line, ...others] = stage.log.of("error");
    expect(line).toMatch(/An answer could not be delivered.*chatId=1 answerId=a/);
    expect(others).toEqual([]);
    await stage.end();
  });
});

it("answers without an id that were replaced leave nothing behind in memory", async () => {
  const instead = [{ method: "sendMessage", params: { chat_id: 1, text: "b" } }];
  const stage = await openStage();
  stage.telegram.always(({ params }) =>
    params["text"] === "a" ? refusal("Bad Request: no") : undefined,
  );
  for (let n = 0; n < 3; n += 1) stage.outbox.enqueue(text(1, "a", { instead }));
  await stage.clock.advance(60_000);
  expect(stage.telegram.texts().filter((said) => said === "b")).toHaveLength(3);
  expect(stage.journal["waitingIds"].size).toBe(0);
  await stage.end();
});
