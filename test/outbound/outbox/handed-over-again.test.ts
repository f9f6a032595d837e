import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import { flood, refusal, timeout } from "../stage/fake-telegram.ts";
import { MemoryStorage } from "../stage/memory-storage.ts";
import { openStage, outcomeNow, removeFolders, type Stage, text } from "../stage/stage.ts";

afterEach(removeFolders);

const tooLong = refusal("Bad Request: message is too long");
const gone = refusal("Bad Request: chat not found");
const parts = {
  split: () =>
    ["p1", "p2"].map((said) => ({ method: "sendMessage", params: { chat_id: 1, text: said } })),
};

/** The same life, or the next one on the same files. */
const lives: readonly (readonly [string, (stage: Stage) => Promise<Stage>])[] = [
  ["in the same life", async (stage) => stage],
  [
    "in the next life",
    async (stage) => {
      await stage.end();
      return stage.again();
    },
  ],
];

describe.each(lives)("an answer handed over again under its id, %s", (_, later) => {
  it("is sent when the first was refused", async () => {
    const stage = await openStage();
    stage.telegram.next(gone);
    const first = stage.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await stage.clock.advance(10);
    expect(await outcomeNow(first)).toMatchObject({ state: "failed" });
    const next = await later(stage);
    const again = next.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await next.clock.advance(10_000);
    expect(await outcomeNow(again)).toMatchObject({ state: "sent" });
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    await next.end();
  });

  it("is sent when the first was cancelled", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    const cancel = new AbortController();
    const options = { answerId: "a", signal: cancel.signal };
    const first = stage.outbox.enqueue(text(1, "a", options));
    await stage.clock.advance(10);
    cancel.abort();
    expect(await outcomeNow(first)).toMatchObject({ state: "dropped" });
    const next = await later(stage);
    const again = next.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await next.clock.advance(10_000);
    expect(await outcomeNow(again)).toMatchObject({ state: "sent" });
    await next.end();
  });

  it("carries the mark when nobody knows whether the first arrived", async () => {
    const stage = await openStage();
    stage.telegram.next(timeout(), timeout());
    stage.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await stage.clock.advance(10_000);
    const next = await later(stage);
    const again = next.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await next.clock.advance(10_000);
    expect(await outcomeNow(again)).toMatchObject({ state: "sent" });
    const marked = `a\n\n${marks.connection}`;
    expect(stage.telegram.texts()).toEqual(["a", marked, marked]);
    // Sent now: no doubt is left.
    next.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toHaveLength(3);
    await next.end();
  });

  it("is not sent again when all its parts were, and has their ids", async () => {
    const stage = await openStage({ parts });
    stage.telegram.next(tooLong);
    stage.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await stage.clock.advance(10_000);
    const next = await later(stage);
    const again = next.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await next.clock.advance(10_000);
    expect(await outcomeNow(again)).toMatchObject({ state: "sent", messageIds: [101, 102] });
    expect(stage.telegram.texts()).toEqual(["whole", "p1", "p2"]);
    await next.end();
  });

  it("waits for its parts while they wait", async () => {
    const stage = await openStage({ parts });
    let isFlooded = true;
    stage.telegram.always(() => (isFlooded ? flood(30) : undefined));
    stage.telegram.next(tooLong);
    stage.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await stage.clock.advance(1_000);
    const next = await later(stage);
    const again = next.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    expect(await outcomeNow(again)).toBe("waiting");
    isFlooded = false;
    await next.clock.advance(60_000);
    expect(await outcomeNow(again)).toMatchObject({ state: "sent", messageIds: [101, 102] });
    expect(stage.telegram.texts().filter((said) => said === "whole")).toHaveLength(1);
    await next.end();
  });

  it("fails with its parts when one of them fails while it waits", async () => {
    const stage = await openStage({ parts });
    let isFlooded = true;
    stage.telegram.always(({ params }) => {
      if (isFlooded) return flood(30);
      return params["text"] === "p1" ? gone : undefined;
    });
    stage.telegram.next(tooLong);
    stage.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await stage.clock.advance(1_000);
    const next = await later(stage);
    const again = next.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await next.clock.advance(10);
    isFlooded = false;
    await next.clock.advance(60_000);
    expect(await outcomeNow(again)).toMatchObject({ state: "failed" });
    await next.end();
  });

  it("goes again, marked, when a part of it failed and another arrived", async () => {
    const stage = await openStage({ parts });
    stage.telegram.always(({ params }) => (params["text"] === "p2" ? gone : undefined));
    stage.telegram.next(tooLong);
    const first = stage.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await stage.clock.advance(10_000);
    expect(await outcomeNow(first)).toMatchObject({ state: "failed" });
    const next = await later(stage);
    next.outbox.enqueue(text(1, "whole", { answerId: "a" }));
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["whole", "p1", "p2", `whole\n\n${marks.connection}`]);
    await next.end();
  });
});

it("parts are written down with the end of their whole, in one step: none is sent twice", async () => {
  const stage = await openStage({ parts });
  stage.telegram.next(tooLong);
  stage.outbox.enqueue(text(1, "whole", { answerId: "a" }));
  await stage.clock.advance(10_000);
  const lines = stage.storage.text.split("\n").filter((line) => line !== "");
  // A crash after any line of the journal, and Telegram refuses the whole again.
  for (let kept = 2; kept <= lines.length; kept += 1) {
    const storage = new MemoryStorage(`${lines.slice(0, kept).join("\n")}\n`);
    const next = await openStage({ parts, storage });
    next.telegram.always(({ params }) =>
      String(params["text"]).startsWith("whole") ? tooLong : undefined,
    );
    await next.clock.advance(60_000);
    const said = next.telegram.texts().filter((each) => !each.startsWith("whole"));
    const plain = said.map((each) => each.split("\n")[0]);
    expect(plain, `${kept} lines`).toEqual([...new Set(plain)]);
    await next.end();
  }
});
