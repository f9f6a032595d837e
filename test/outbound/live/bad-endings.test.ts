import { afterEach, describe, expect, it } from "vitest";
import { refusal } from "../stage/fake-telegram.ts";
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
