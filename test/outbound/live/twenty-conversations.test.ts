import { afterEach, describe, expect, it } from "vitest";
import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import type { RenderPort } from "../../../shared/outbound/live/live-message.ts";
import { LiveText } from "../../../shared/outbound/live/live-text.ts";
import type { Place } from "../../../shared/outbound/queue/item.ts";
import { RateModel } from "../../../supervisor/sandbox/faults/rate-model.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { flood, type SeenCall } from "../stage/fake-telegram.ts";
import { openStage, removeFolders, type Stage } from "../stage/stage.ts";

afterEach(removeFolders);

const render: RenderPort = (markdown) =>
  (markdown.match(/.{1,4000}/gs) ?? []).map((text) => ({
    method: "sendMessage",
    params: { text },
  }));

/** Twelve private chats, and eight topics of three groups. */
const places: readonly Place[] = [
  ...Array.from({ length: 12 }, (_, n) => ({ chatId: 100 + n })),
  ...Array.from({ length: 8 }, (_, n) => ({ chatId: -1 - (n % 3), topicId: 10 + n })),
];
const simulatedMs = 120_000;
const tokenMs = 50;

const counted = (call: SeenCall): boolean => call.method !== "sendChatAction";
const placeName = ({ chat_id: chat, message_thread_id: topic }: SeenCall["params"]): string =>
  JSON.stringify([chat, topic]);

/** Every conversation grows by a word each 50 ms and ends a turn every 10 to 30 s. */
async function streamAll(stage: Stage, seed: number): Promise<Map<string, string[]>> {
  const { outbox, clock, log } = stage;
  const random = seededRandom(seed);
  const drafts = new DraftSupport();
  const finals = new Map<string, string[]>();
  const talks = places.map((place) => {
    const name = placeName({ chat_id: place.chatId, message_thread_id: place.topicId });
    finals.set(name, []);
    let turn = 0;
    let words = 0;
    let endsAtMs = 0;
    let text: LiveText | undefined;
    return () => {
      if (text === undefined) {
        turn += 1;
        words = 0;
        endsAtMs = clock.monotonic() + 10_000 + random() * 20_000;
        const parts = { outbox, render, drafts, clock, random, log };
        text = new LiveText(parts, { place, key: `${name}/${turn}` });
      }
      words += 1;
      if (clock.monotonic() < endsAtMs && clock.monotonic() < simulatedMs) {
        text.update(`turn ${turn}: ${words} words`);
        return;
      }
      text.finish(`turn ${turn} is done`);
      finals.get(name)?.push(`turn ${turn} is done`);
      text = undefined;
    };
  });
  while (clock.monotonic() <= simulatedMs) {
    for (const talk of talks) talk();
    await clock.advance(tokenMs);
  }
  await clock.advance(60_000);
  return finals;
}

/** Sends in the busiest window of so long. */
function busiest(calls: readonly SeenCall[], windowMs: number): number {
  let most = 0;
  for (let from = 0, to = 0; to < calls.length; to += 1) {
    while ((calls[to]?.atMs ?? 0) - (calls[from]?.atMs ?? 0) >= windowMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe("twenty conversations that stream at once for two minutes", () => {
  it.each([1, 2])("no flood by us; every final answer in order, once (seed %d)", async (seed) => {
    const stage = await openStage();
    stage.telegram.latencyMs = 80;
    const rates = new RateModel();
    rates.enabled = true;
    let refusals = 0;
    stage.telegram.always(({ method, params, atMs }) => {
      // The model counts drafts as little as the sandbox does; we count them like edits.
      const like = method.endsWith("Draft") ? "editMessageText" : method;
      const wait = rates.waitSeconds(1, like, String(params["chat_id"]), atMs);
      if (wait > 0) refusals += 1;
      return wait > 0 ? flood(wait) : undefined;
    });
    const finals = await streamAll(stage, seed);
    expect(refusals).toBe(0);

    const { calls } = stage.telegram;
    for (const [place, expected] of finals) {
      const here = calls.filter(({ params }) => placeName(params) === place);
      const done = here
        .map(({ params }) => params["text"])
        .filter((text) => String(text).endsWith("done"));
      expect(done, place).toEqual(expected);
    }
    const sends = calls.filter(counted);
    expect(busiest(sends, 1_000)).toBeLessThanOrEqual(30);
    for (const chatId of [-1, -2, -3]) {
      const group = sends.filter(({ params }) => params["chat_id"] === chatId);
      expect(busiest(group, 60_000), `group ${chatId}`).toBeLessThanOrEqual(20);
    }
    const edits = sends.filter(({ method }) => /Draft$|^edit/.test(method)).length;
    const perSecond = edits / (simulatedMs / 1_000);
    console.log(
      `seed ${seed}: ${edits} edits and drafts (${perSecond.toFixed(1)} a second), ${[...finals.values()].flat().length} final answers, ${sends.length} requests in all`,
    );
    expect(perSecond).toBeGreaterThan(10);
    await stage.end();
    expect(stage.clock.pendingTimers).toBe(0);
  });
});
