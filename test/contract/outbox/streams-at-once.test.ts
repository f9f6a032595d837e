import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { agentAnswers } from "../../../bench/rendering/agent-answers.mjs";
import { systemClock } from "../../../shared/clock.ts";
import { renderPort } from "../../../shared/outbound/forms/answer-items.ts";
import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import type { RenderedMessage } from "../../../shared/outbound/live/live-message.ts";
import { LiveText, type LiveTextParts } from "../../../shared/outbound/live/live-text.ts";
import type { Outcome, Place } from "../../../shared/outbound/queue/item.ts";
import type { CallRecord } from "../../../supervisor/sandbox/calls/journal.ts";
import type { Sandbox } from "../../../supervisor/sandbox/sandbox.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { openSandboxBot, type SandboxBot } from "./sandbox-bot.ts";

const streamMs = Number(process.env["STREAM_SECONDS"] ?? 8) * 1_000;
const tokenMs = 50;
/** What waits at the end goes out at the pace of groups, one message in 3 s. */
const drainMs = 60_000 + streamMs;

let bot: SandboxBot | undefined;
afterEach(() => bot?.close());

const render = renderPort({ rich: true });

/** Twelve private chats, six topics of two forums, two groups without topics. */
function openPlaces({ user }: Sandbox, botId: number, me: number): Place[] {
  const bots = [botId];
  const privately = Array.from({ length: 12 }, (_, n): Place => {
    const { id } = user.createUser(`User ${n}`);
    user.createChat({ type: "private", members: [id], bots });
    return { chatId: id };
  });
  const forums = ["one", "two"].flatMap((title) => {
    const forum = { title, is_forum: true, members: [me], bots };
    const chatId = user.createChat({ type: "supergroup", ...forum }).id;
    return ["a", "b", "c"].map(
      (name): Place => ({ chatId, topicId: user.createTopic(chatId, name).threadId }),
    );
  });
  const groups = ["three", "four"].map(
    (title): Place => ({
      chatId: user.createChat({ type: "group", title, members: [me], bots }).id,
    }),
  );
  return [...privately, ...forums, ...groups];
}

interface Conversation {
  readonly place: Place;
  readonly finals: readonly string[];
  readonly outcomes: readonly Outcome[];
}

/** Turn after turn until the time is over: each grows by some words every 50 ms and ends with its final text. */
async function converse(
  parts: LiveTextParts,
  place: Place,
  random: () => number,
): Promise<Conversation> {
  const isGroup = Number(place.chatId) < 0;
  const finals: string[] = [];
  const outcomes: Promise<readonly Outcome[] | undefined>[] = [];
  const name = JSON.stringify(place);
  const endsAtMs = systemClock.monotonic() + streamMs;
  while (systemClock.monotonic() < endsAtMs) {
    const startMs = systemClock.monotonic();
    const turnMs = isGroup
      ? 12_000 + random() * 10_000
      : Math.min(5_000 + random() * 10_000, streamMs * 0.4);
    // Now and then one that is longer than a message.
    const whole = agentAnswers(!isGroup && random() < 0.3 ? 4 : 1, random).join("\n\n");
    const live = new LiveText(parts, { place, key: `${name}/${finals.length}` });
    while (systemClock.monotonic() < Math.min(startMs + turnMs, endsAtMs)) {
      const share = (systemClock.monotonic() - startMs) / turnMs;
      live.update(whole.slice(0, 1 + whole.length * share));
      await pause(tokenMs);
    }
    const final = `Turn ${finals.length + 1}\n\n${whole}`;
    outcomes.push(live.finish(final)?.outcomes ?? Promise.resolve(undefined));
    finals.push(final);
  }
  const ended = await Promise.all(outcomes);
  return { place, finals, outcomes: ended.flatMap((each) => each ?? []) };
}

/** A message as both sides can tell it: its text, or the words of its rich content. */
function words({ text, rich_message: rich }: { text?: unknown; rich_message?: unknown }): string {
  if (rich === undefined) return String(text).trim();
  return [...JSON.stringify(rich).matchAll(/"text":"(.*?)"/g)].map(([, said]) => said).join("|");
}

const expectedWords = ({ finals }: Conversation): string[] =>
  finals.flatMap((final) => render(final).map(({ params }: RenderedMessage) => words(params)));

function shownWords({ user }: Sandbox, botId: number, { chatId, topicId }: Place): string[] {
  const chat = user
    .state()
    .chats.find(({ id, type, members, bots }) =>
      type === "private" ? members[0] === chatId && bots.includes(botId) : id === chatId,
    );
  const messages = user.messages(chat?.id ?? 0, topicId, 500);
  return messages
    .filter(({ from }) => from?.id === botId)
    .flatMap((message) =>
      message.text === undefined && message.rich_message === undefined ? [] : [words(message)],
    );
}

/** Waits until nothing but the final answers stands there: what grew is deleted last. */
async function settled(sandbox: Sandbox, botId: number, talks: Conversation[]): Promise<void> {
  const deadlineMs = systemClock.monotonic() + drainMs;
  const isThere = (talk: Conversation): boolean =>
    shownWords(sandbox, botId, talk.place).length === expectedWords(talk).length;
  while (!talks.every(isThere) && systemClock.monotonic() < deadlineMs) await pause(200);
}

const isProgress = ({ method, status }: CallRecord): boolean =>
  /Draft$|^edit/.test(method) && status === 200;

describe(`twenty conversations that stream at once for ${streamMs / 1_000} s (STREAM_SECONDS) against the sandbox's rate model`, () => {
  it("cause no flood, and every final answer stands there in order, once", {
    timeout: streamMs + 2 * drainMs,
  }, async () => {
    bot = await openSandboxBot();
    const { sandbox, botId, me, log } = bot;
    const places = openPlaces(sandbox, botId, me);
    await new SandboxClient(sandbox).request("/sandbox/rate-limits", { enabled: true });
    const outbox = await bot.openOutbox();
    const random = seededRandom(5);
    const drafts = new DraftSupport();
    // Half of the private chats are such as show no drafts.
    for (const place of places.slice(0, 6)) drafts.refused(place);
    const parts = { outbox, render, drafts, clock: systemClock, random, log };

    const startMs = systemClock.monotonic();
    const talking = places.map((place) => converse(parts, place, random));
    await pause(streamMs);
    const streamed = sandbox.user.calls({ bot: botId }).filter(isProgress);
    const talks = await Promise.all(talking);
    await settled(sandbox, botId, talks);
    const tookMs = systemClock.monotonic() - startMs;

    const calls = sandbox.user.calls({ bot: botId });
    expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
    for (const talk of talks) {
      expect(talk.outcomes.every(({ state }) => state === "sent")).toBe(true);
      expect(shownWords(sandbox, botId, talk.place)).toEqual(expectedWords(talk));
    }
    const perSecond = (streamed.length * 1_000) / streamMs;
    console.log(
      `${streamed.length} edits and drafts (${perSecond.toFixed(1)} a second), ${talks.flatMap(({ finals }) => finals).length} final answers, ${calls.length} requests in ${(tookMs / 1_000).toFixed(0)} s`,
    );
    expect(perSecond).toBeGreaterThan(5);
  });
});
