import { describe, expect, it } from "vitest";
import { encodePress, type Press } from "../../../../bots/main/chat/press.ts";
import { press } from "../../../../bots/main/hearing/presses.ts";
import type { Context } from "../../../../shared/telegram/bot-api.ts";
import { Spoken } from "../commands/spoken.ts";
import { home } from "../sessions/stage/stage.ts";

/** A press that Telegram does not let us answer any more. */
function refusedPress(spoken: Spoken, data: string): Context {
  const message = { message_id: 5, date: 0, chat: { id: home.chatId, type: "private" } };
  const callbackQuery = { id: "press", data, message };
  return {
    update: { update_id: spoken.stage.nextOrder(), callback_query: callbackQuery },
    callbackQuery,
    chatId: home.chatId,
    answerCallbackQuery: async () => {
      throw new Error("query is too old");
    },
  } as unknown as Context;
}

describe("a press whose answer is refused", () => {
  it("of the stop button stops all the same, and the log says what was refused", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    await press(spoken.desk, refusedPress(spoken, encodePress({ kind: "stop", turn: undefined })));
    expect(spoken.replies.at(-1)?.markdown).toContain("`work` interrupted");
    expect(spoken.stage.log.lines.join("\n")).toContain("query is too old");
  });

  it.each<[string, string]>([
    ["that nobody knows", "old"],
    ["that did its work", encodePress({ kind: "cancel", seq: 1 } satisfies Press)],
  ])("%s is handled once, not again", async (_name, data) => {
    const spoken = await Spoken.open();
    await expect(press(spoken.desk, refusedPress(spoken, data))).resolves.toBeUndefined();
  });
});

it("a press is answered before its message can be changed, which takes its time in a busy group", async () => {
  const spoken = await Spoken.open();
  const answered: unknown[] = [];
  const data = encodePress({ kind: "restore", token: "gone" });
  const ctx = Object.assign(refusedPress(spoken, data), {
    api: { editMessageReplyMarkup: () => new Promise(() => undefined) },
    answerCallbackQuery: async (options: unknown) => answered.push(options),
  });
  await press(spoken.desk, ctx);
  expect(answered).toEqual([{ text: "That was restored before, or is too long ago." }]);
});

describe("Stop under a running turn", () => {
  it("stops it, and what waits behind it", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    await spoken.stage.say("two");
    await press(spoken.desk, refusedPress(spoken, encodePress({ kind: "stop", turn: 1 })));
    expect(spoken.replies.at(-1)?.markdown).toMatch(/interrupted[^]*1 queued message cancelled/);
  });

  it("that is over leaves the next one alone", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    await spoken.stage.say("two");
    spoken.stage.agents.last.endTurn();
    await spoken.stage.settle();
    const before = spoken.replies.length;
    const answered: unknown[] = [];
    const data = encodePress({ kind: "stop", turn: 1 });
    const ctx = Object.assign(refusedPress(spoken, data), {
      answerCallbackQuery: async (options: unknown) => answered.push(options),
    });
    await press(spoken.desk, ctx);
    expect(answered).toEqual([{ text: "That turn is over. /stop ends what runs here now." }]);
    expect(spoken.replies).toHaveLength(before);
    expect(spoken.stage.agents.last.interrupted).toBe(0);
    expect(spoken.stage.agents.last.state).toBe("busy");
  });

  it("that ends while the stop is recorded leaves the next one alone, too, and says so", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    await spoken.stage.say("two");
    const recorded = async (): Promise<void> => {
      spoken.stage.agents.last.endTurn();
      await spoken.stage.settle();
    };
    const scope = { kind: "conversation", place: home } as const;
    const order = spoken.stage.nextOrder();
    expect(await spoken.stage.sessions.stopDuring(1, scope, order, recorded)).toBeUndefined();
    expect(spoken.stage.agents.last.interrupted).toBe(0);
    expect(spoken.stage.agents.last.state).toBe("busy");
  });
});

it("Stop under a message that Telegram does not give any more stops nothing: its topic is not known", async () => {
  const spoken = await Spoken.open();
  await spoken.say("/new work");
  await spoken.stage.say("one");
  const before = spoken.replies.length;
  const answered: unknown[] = [];
  const ctx = Object.assign(refusedPress(spoken, encodePress({ kind: "stop", turn: undefined })), {
    chatId: -100,
    answerCallbackQuery: async (options: unknown) => answered.push(options),
  });
  await press(spoken.desk, ctx);
  expect(answered).toEqual([{ text: "Telegram does not say where this was. Send /stop there." }]);
  expect(spoken.replies).toHaveLength(before);
});
