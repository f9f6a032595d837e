import { afterEach, describe, expect, it } from "vitest";
import { PacedBudget } from "../../../shared/outbound/pacing/send-budget.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { refusal } from "../stage/fake-telegram.ts";
import { editOf } from "../stage/items.ts";
import { openStage, outcomeNow, removeFolders, type Stage, text } from "../stage/stage.ts";

afterEach(removeFolders);

const getMe = { kind: "call", method: "getMe", params: {} } as const;
const typing = (chatId: number) =>
  ({
    kind: "action",
    method: "sendChatAction",
    params: { chat_id: chatId, action: "typing" },
  }) as const;

/** A life that begins with 100 answers of an earlier one, each for a chat of its own. */
async function withHundred(share?: number): Promise<Stage> {
  const clock = new ManualClock();
  const silent = new PacedBudget(clock, 0);
  const stage = await openStage({ clock, parts: { budget: silent } });
  const answers = Array.from({ length: 100 }, (_, n) => stage.outbox.enqueue(text(n + 1, `a${n}`)));
  await Promise.all(answers.map(({ accepted }) => accepted));
  await stage.end();
  const { storage, telegram } = stage;
  const parts = { budget: new PacedBudget(clock, share) };
  return openStage({ clock, storage, telegram, parts });
}

function busiestSecond(stage: Stage): number {
  const times = stage.telegram.calls.map(({ atMs }) => atMs);
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
  );
}

type Trouble = readonly [what: string, begin: (stage: Stage) => () => void];

const troubles: readonly Trouble[] = [
  [
    "refuses",
    ({ storage }) => {
      storage.break("append", "ENOSPC");
      return () => {
        storage.heal();
      };
    },
  ],
  ["does not answer", ({ storage }) => storage.hold()],
];

it("one slow write makes nobody wait longer than itself", async () => {
  const clock = new ManualClock();
  const stage = await openStage({ clock, parts: { budget: new PacedBudget(clock, 3) } });
  stage.telegram.latencyMs = 30_000;
  const receipts = [1, 2].map((chat) => stage.outbox.enqueue(text(chat, "a")));
  await Promise.all(receipts.map(({ accepted }) => accepted));
  const answers = stage.storage.hold();
  await stage.clock.advance(700);
  answers();
  await stage.clock.advance(10_000);
  expect(stage.telegram.calls).toHaveLength(2);
  for (const { atMs } of stage.telegram.calls) expect(atMs).toBeLessThan(2_000);
  await stage.end();
});

describe.each(troubles)("while the disk %s", (_, begin) => {
  it("calls, typing and edits of other chats go on", async () => {
    const stage = await withHundred();
    const end = begin(stage);
    await stage.clock.advance(10_000);
    const others = [getMe, typing(500), editOf(501, "k", "e")].map((item) =>
      stage.outbox.enqueue(item),
    );
    await stage.clock.advance(3_000);
    for (const other of others) expect(await outcomeNow(other)).toMatchObject({ state: "sent" });
    expect(stage.telegram.texts().filter((said) => said.startsWith("a"))).toEqual([]);
    end();
    await stage.end();
  });

  it("the pace holds when it works again, and every answer goes once and plainly", async () => {
    const stage = await withHundred();
    const end = begin(stage);
    await stage.clock.advance(20_000);
    end();
    await stage.clock.advance(20_000);
    expect(busiestSecond(stage)).toBeLessThanOrEqual(30);
    const all = Array.from({ length: 100 }, (__, n) => `a${n}`);
    expect(stage.telegram.texts().toSorted()).toEqual(all.toSorted());
    await stage.end();
  });

  it("a small share is not used up by answers that cannot leave", async () => {
    const stage = await withHundred(1);
    const end = begin(stage);
    await stage.clock.advance(10_000);
    let gone = 0;
    for (let second = 0; second < 20; second += 1) {
      const receipt = stage.outbox.enqueue(typing(500));
      await stage.clock.advance(1_000);
      if ((await outcomeNow(receipt)) !== "waiting") gone += 1;
    }
    // A share of one a second grants one every two.
    expect(gone).toBeGreaterThan(8);
    end();
    await stage.end();
  });

  it("what waits for it when the outbox closes goes plainly in the next life", async () => {
    const stage = await withHundred();
    const end = begin(stage);
    await stage.clock.advance(5_000);
    const closed = stage.end();
    await stage.clock.advance(0);
    end();
    await closed;
    const next = await stage.again();
    await next.clock.advance(20_000);
    const texts = stage.telegram.texts().filter((said) => said.startsWith("a"));
    expect(texts).toHaveLength(100);
    expect(texts.filter((said) => said.includes("(sent again"))).toEqual([]);
    await next.end();
  });
});

it("an answer whose simpler form cannot be written down waits for the disk, too", async () => {
  const stage = await openStage();
  stage.telegram.always(({ method }) => {
    if (method !== "sendRichMessage") return undefined;
    stage.storage.break("append", "ENOSPC");
    return refusal("Not Found: method not found", 404);
  });
  const simple = { method: "sendMessage", params: { chat_id: 1, text: "simple" } };
  const params = { chat_id: 1, rich_message: { markdown: "# x" } };
  const instead = [simple];
  const receipt = stage.outbox.enqueue({
    kind: "answer",
    method: "sendRichMessage",
    params,
    instead,
  });
  await stage.clock.advance(10_000);
  expect(await outcomeNow(receipt)).toBe("waiting");
  stage.telegram.always(({ method }) =>
    method === "sendRichMessage" ? refusal("Not Found: method not found", 404) : undefined,
  );
  stage.storage.heal();
  await stage.clock.advance(10_000);
  expect(await outcomeNow(receipt)).toMatchObject({ state: "sent" });
  await stage.end();
});
