import { afterEach, expect, it } from "vitest";
import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import type { RenderPort } from "../../../shared/outbound/live/live-message.ts";
import { LiveText } from "../../../shared/outbound/live/live-text.ts";
import { openStage, removeFolders } from "../stage/stage.ts";

afterEach(removeFolders);

const render: RenderPort = (text) => [{ method: "sendMessage", params: { text } }];

it("a live text is left as it is when its bot ends", async () => {
  const stage = await openStage();
  const { outbox, clock, log } = stage;
  const bot = new AbortController();
  const parts = { outbox, render, drafts: new DraftSupport(), clock, random: () => 0.5, log };
  const text = new LiveText({ ...parts, signal: bot.signal }, { place: { chatId: -5 }, key: "k" });
  text.update("a");
  await clock.advance(10);
  bot.abort();
  text.update("ab");
  expect(text.finish("abc")).toBeUndefined();
  await clock.advance(60_000);
  const methods = stage.telegram.calls.map(({ method }) => method);
  expect(methods.toSorted()).toEqual(["sendChatAction", "sendMessage"]);
  await stage.end();
  expect(clock.pendingTimers).toBe(0);
});
