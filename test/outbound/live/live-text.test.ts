import { afterEach, describe, expect, it } from "vitest";
import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import { flood, refusal } from "../stage/fake-telegram.ts";
import { live, shown } from "../stage/live-stage.ts";
import { openStage, removeFolders, type Stage } from "../stage/stage.ts";

afterEach(removeFolders);

describe("text that grows by edits", () => {
  it("is a message, then edits of it with the newest text, then a new message; the first is deleted", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("a");
    await stage.clock.advance(10);
    for (const more of ["ab", "abc", "abcd"]) text.update(more);
    await stage.clock.advance(10_000);
    const finished = text.finish("abcde!");
    await stage.clock.advance(60_000);
    await finished?.accepted;
    expect(await finished?.outcomes).toMatchObject([{ state: "sent", messageIds: [102] }]);
    expect(shown(stage)).toEqual([
      "sendMessage a",
      "editMessageText 101 abcd",
      "sendMessage abcde!",
      "deleteMessage 101",
    ]);
    await stage.end();
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("can become its final message itself", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("a");
    await stage.clock.advance(10);
    text.finish("done", "edit");
    await stage.clock.advance(60_000);
    expect(shown(stage)).toEqual(["sendMessage a", "editMessageText 101 done"]);
    await stage.end();
  });

  it("is sealed where a message is full, and goes on in the next one", async () => {
    const stage = await openStage();
    const text = live(stage, { ending: "edit" });
    text.update("0123456");
    await stage.clock.advance(10);
    text.update("0123456789abc");
    await stage.clock.advance(30_000);
    text.update("0123456789abcdefghijKL");
    await stage.clock.advance(30_000);
    const finished = text.finish("0123456789abcdefghijKLM");
    await stage.clock.advance(60_000);
    expect(shown(stage)).toEqual([
      "sendMessage 0123456",
      "editMessageText 101 0123456789",
      "sendMessage abc",
      "editMessageText 102 abcdefghij",
      "sendMessage KL",
      "editMessageText 103 KLM",
    ]);
    expect(await finished?.outcomes).toHaveLength(3);
    await stage.end();
  });

  it("that is long at once is sealed in order", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("0123456789abcdefghijKL");
    await stage.clock.advance(30_000);
    expect(shown(stage)).toEqual([
      "sendMessage 0123456789",
      "sendMessage abcdefghij",
      "sendMessage KL",
    ]);
    await text.discard();
    await stage.clock.advance(60_000);
    expect(shown(stage).at(-1)).toBe("deleteMessage 103");
    await stage.end();
  });

  it("corrects what was sealed if it turned out otherwise, and takes away what is too much", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("0123456789abcdefghijKL");
    await stage.clock.advance(30_000);
    text.finish("X123456789");
    await stage.clock.advance(60_000);
    expect(shown(stage).slice(3).toSorted()).toEqual([
      "deleteMessage 102",
      "deleteMessage 103",
      "editMessageText 101 X123456789",
    ]);
    await stage.end();
  });

  it("goes on in a new message when its reader deletes it", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("a");
    await stage.clock.advance(10);
    stage.telegram.next(refusal("Bad Request: message to edit not found"));
    text.update("ab");
    await stage.clock.advance(10_000);
    expect(shown(stage)).toEqual(["sendMessage a", "editMessageText 101 ab", "sendMessage ab"]);
    await text.discard();
    await stage.end();
  });

  it("is no longer shown after three refusals; the final message comes all the same", async () => {
    const stage = await openStage();
    const text = live(stage);
    stage.telegram.always(({ method }) =>
      method === "editMessageText" ? refusal("Bad Request: message can't be edited") : undefined,
    );
    for (let n = 0; n < 20; n += 1) {
      text.update(`a${n}`);
      await stage.clock.advance(5_000);
    }
    text.finish("end");
    await stage.clock.advance(60_000);
    expect(shown(stage)).toHaveLength(1 + 3 + 2);
    expect(shown(stage)).toContain("sendMessage end");
    await stage.end();
  });

  it("waits for a flood without losing its end", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("a");
    await stage.clock.advance(10);
    stage.telegram.next(flood(30));
    text.update("ab");
    await stage.clock.advance(10_000);
    text.finish("abc");
    await stage.clock.advance(60_000);
    expect(shown(stage)).toEqual([
      "sendMessage a",
      "editMessageText 101 ab",
      "sendMessage abc",
      "deleteMessage 101",
    ]);
    await stage.end();
  });

  it("ends once: what comes after the end is nothing", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.finish("end");
    expect(text.finish("again")).toBeUndefined();
    text.update("late");
    await text.discard();
    await stage.clock.advance(60_000);
    expect(shown(stage)).toEqual(["sendMessage end"]);
    await stage.end();
  });
});

describe("text that grows as a draft", () => {
  const place = { chatId: 5 };

  it("is a draft of one id in a private chat, then a message", async () => {
    const stage = await openStage();
    const text = live(stage, { place });
    text.update("a");
    await stage.clock.advance(10);
    text.update("ab");
    await stage.clock.advance(5_000);
    text.finish("abc");
    await stage.clock.advance(10_000);
    expect(shown(stage)).toEqual(["sendMessageDraft a", "sendMessageDraft ab", "sendMessage abc"]);
    const ids = stage.telegram.calls.map(({ params }) => params["draft_id"]).filter(Boolean);
    expect(new Set(ids).size).toBe(1);
    await stage.end();
  });

  it("falls back to edits for that chat after the first refusal", async () => {
    const stage = await openStage();
    const drafts = new DraftSupport();
    stage.telegram.always(({ method }) =>
      method === "sendMessageDraft" ? refusal("Bad Request: TEXTDRAFT_PEER_INVALID") : undefined,
    );
    const text = live(stage, { place }, drafts);
    text.update("a");
    await stage.clock.advance(10_000);
    text.finish("b");
    live(stage, { place, key: "s/2" }, drafts).update("c");
    await stage.clock.advance(10_000);
    expect(shown(stage)).toEqual([
      "sendMessageDraft a",
      "sendMessage a",
      "sendMessage b",
      "deleteMessage 101",
      "sendMessage c",
    ]);
    await stage.end();
  });

  it("is shown again before it vanishes", async () => {
    const stage = await openStage();
    const text = live(stage, { place });
    text.update("a");
    await stage.clock.advance(59_000);
    expect(shown(stage)).toHaveLength(3);
    await text.discard();
    await stage.end();
  });

  it("sends what is full as a message and drafts the rest", async () => {
    const stage = await openStage();
    const text = live(stage, { place });
    text.update("0123456789abc");
    await stage.clock.advance(10_000);
    text.finish("0123456789abcd");
    await stage.clock.advance(10_000);
    expect(shown(stage)).toEqual([
      "sendMessage 0123456789",
      "sendMessageDraft abc",
      "sendMessage abcd",
    ]);
    await stage.end();
  });
});

function actions(stage: Stage): number {
  return stage.telegram.calls.filter(({ method }) => method === "sendChatAction").length;
}

describe("typing", () => {
  it("is shown from the beginning to the end and not a moment longer", async () => {
    const stage = await openStage();
    const text = live(stage, { place: { chatId: -5, topicId: 7 } });
    await stage.clock.advance(20_000);
    expect(actions(stage)).toBe(5);
    expect(stage.telegram.calls[0]?.params).toEqual({
      chat_id: -5,
      message_thread_id: 7,
      action: "typing",
    });
    await text.discard();
    expect(stage.clock.pendingTimers).toBe(0);
    await stage.clock.advance(60_000);
    expect(actions(stage)).toBe(5);
    await stage.end();
  });

  it("stops by itself when it has lasted too long", async () => {
    const stage = await openStage();
    live(stage, { longestTypingMs: 60_000 });
    await stage.clock.advance(3_600_000);
    expect(actions(stage)).toBe(14);
    expect(stage.clock.pendingTimers).toBe(0);
    await stage.end();
  });
});
