import { afterEach, describe, expect, it } from "vitest";
import { network, refusal, timeout } from "../stage/fake-telegram.ts";
import { live, shown } from "../stage/live-stage.ts";
import { openStage, removeFolders } from "../stage/stage.ts";

afterEach(removeFolders);

describe("a text whose final messages do not arrive", () => {
  it("stays as it was shown when the disk does not take them", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("all so far");
    await stage.clock.advance(10);
    stage.storage.break("append", "ENOSPC");
    const finished = text.finish("final");
    await expect(finished?.accepted).rejects.toThrow("the disk is full");
    await stage.clock.advance(60_000);
    expect(shown(stage)).toEqual(["sendMessage all so far"]);
    stage.storage.heal();
    await stage.end();
  });

  it("stays as it was shown, with what was sealed, when Telegram refuses one of them", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("0123456789abcdefghijKL");
    await stage.clock.advance(30_000);
    stage.telegram.always(({ params }) =>
      params["text"] === "X123456789" ? refusal("Bad Request: chat not found") : undefined,
    );
    const finished = text.finish("X123456789");
    await stage.clock.advance(60_000);
    expect(await finished?.outcomes).toMatchObject([{ state: "failed" }]);
    expect(shown(stage).slice(3)).toEqual(["editMessageText 101 X123456789"]);
    await stage.end();
  });

  it("is taken away only when the final one stands", async () => {
    const stage = await openStage();
    const text = live(stage);
    text.update("a");
    await stage.clock.advance(10);
    stage.telegram.latencyMs = 5_000;
    text.finish("final");
    await stage.clock.advance(4_000);
    expect(shown(stage)).toEqual(["sendMessage a", "sendMessage final"]);
    expect(stage.outbox.snapshot().waiting.deletions).toBe(0);
    await stage.clock.advance(60_000);
    expect(shown(stage).at(-1)).toBe("deleteMessage 101");
    await stage.end();
  });
});

describe("a text whose first message may have arrived although nobody was told", () => {
  it.each([
    ["a time-out", timeout()],
    ["a reset", network("ECONNRESET")],
    ["500", refusal("Internal Server Error", 500)],
  ])("%s: it is not sent a second time; only the final message follows", async (_, trouble) => {
    const stage = await openStage();
    const text = live(stage);
    stage.telegram.next(trouble);
    for (const more of ["a", "ab", "abc"]) {
      text.update(more);
      await stage.clock.advance(20_000);
    }
    text.finish("abcd");
    await stage.clock.advance(60_000);
    expect(shown(stage)).toEqual(["sendMessage a", "sendMessage abcd"]);
    await stage.end();
  });

  it("an edit of which nobody knows, and a message that surely did not arrive, are tried again", async () => {
    const stage = await openStage();
    const text = live(stage);
    stage.telegram.next(refusal("Bad Request: not now"));
    for (const more of ["a", "ab"]) {
      text.update(more);
      await stage.clock.advance(20_000);
    }
    stage.telegram.next(timeout(), timeout(), timeout(), timeout());
    for (const more of ["abc", "abcd"]) {
      text.update(more);
      await stage.clock.advance(60_000);
    }
    expect(shown(stage).slice(0, 4)).toEqual([
      "sendMessage a",
      "sendMessage a",
      "editMessageText 101 ab",
      "editMessageText 101 abc",
    ]);
    expect(shown(stage).at(-1)).toBe("editMessageText 101 abcd");
    await text.discard();
    await stage.end();
  });
});
