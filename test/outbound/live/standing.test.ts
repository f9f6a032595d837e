import { afterEach, describe, expect, it } from "vitest";
import type { LiveTextStart } from "../../../shared/outbound/live/live-text.ts";
import { refusal } from "../stage/fake-telegram.ts";
import { live, shown } from "../stage/live-stage.ts";
import { openStage, removeFolders, type Stage } from "../stage/stage.ts";

afterEach(removeFolders);

/** A text that tells what stands of it. */
function watched(stage: Stage, start: Partial<LiveTextStart> = {}) {
  const told: string[] = [];
  const text = live(stage, {
    ...start,
    onShowing: () => told.push("showing"),
    onShown: ({ growing, sealed }) => told.push(`${growing?.id ?? "a draft"} behind ${sealed}`),
    onGone: () => told.push("gone"),
  });
  return { text, told };
}

describe("what stands of a text that grows", () => {
  it("is told before and after each step, also where a message is full, and when it is gone", async () => {
    const stage = await openStage();
    const { text, told } = watched(stage);
    text.update("0123456");
    await stage.clock.advance(10);
    expect(told).toEqual(["showing", "101 behind 0"]);
    text.update("0123456789abc");
    await stage.clock.advance(30_000);
    expect(told.slice(2)).toEqual(["showing", "showing", "102 behind 1"]);
    text.finish("0123456789abc!");
    await stage.clock.advance(60_000);
    expect(shown(stage).at(-1)).toBe("deleteMessage 102");
    expect(told.slice(5)).toEqual(["gone"]);
    await stage.end();
  });

  it("is gone when it was discarded, and when its final text is refused: nobody comes back to it", async () => {
    const stage = await openStage();
    const first = watched(stage, { key: "one" });
    first.text.update("a");
    await stage.clock.advance(10);
    await Promise.all([first.text.discard(), stage.clock.advance(30_000)]);
    expect(first.told.at(-1)).toBe("gone");
    const second = watched(stage, { key: "two", stopKeyboard: { inline_keyboard: [] } });
    second.text.update("b");
    await stage.clock.advance(30_000);
    stage.telegram.always(({ params }) =>
      params["text"] === "never" ? refusal("Bad Request: chat not found") : undefined,
    );
    second.text.finish("never");
    await stage.clock.advance(60_000);
    expect(second.told.at(-1)).toBe("gone");
    expect(shown(stage).at(-1)).toBe("editMessageReplyMarkup 102");
    await stage.end();
  });

  it("stands on while its final text could not be written down, and goes with the next try", async () => {
    const stage = await openStage();
    const { text, told } = watched(stage);
    text.update("a");
    await stage.clock.advance(10);
    stage.storage.break("append", "ENOSPC");
    await expect(text.finish("final")?.accepted).rejects.toThrow("the disk is full");
    await stage.clock.advance(60_000);
    expect(told).not.toContain("gone");
    stage.storage.heal();
    const again = watched(stage, { grown: { place: { chatId: -5 }, id: 101 } });
    again.text.finish("final");
    await stage.clock.advance(60_000);
    expect(shown(stage).slice(1)).toEqual(["sendMessage final", "deleteMessage 101"]);
    expect(again.told).toEqual(["gone"]);
    await stage.end();
  });

  it("is taken away in the chat where it stands: its number means another message in the group's new one", async () => {
    const stage = await openStage();
    const { text } = watched(stage, { grown: { place: { chatId: -9 }, id: 101 } });
    text.finish("final");
    await stage.clock.advance(60_000);
    expect(stage.telegram.calls.map(({ params }) => params["chat_id"])).toEqual([-5, -9]);
    await stage.end();
  });
});
