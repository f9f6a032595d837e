import { describe, expect, it } from "vitest";
import { chatKeyOf } from "../../shared/intake/chat-key.ts";
import { HandlingSink } from "../../shared/intake/handling-sink.ts";
import { message } from "./updates.ts";

/** A handler whose updates end when the test says so. */
function manualHandler(): {
  handle: (update: { update_id: number }) => Promise<void>;
  started: number[];
  end: (id: number, error?: Error) => Promise<void>;
} {
  const started: number[] = [];
  const ends = new Map<number, (error?: Error) => void>();
  return {
    started,
    handle: ({ update_id: id }) => {
      started.push(id);
      return new Promise((resolve, reject) => {
        ends.set(id, (error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    async end(id, error) {
      ends.get(id)?.(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const never = new AbortController().signal;
const noError = (error: unknown): never => {
  throw error;
};

describe("a sink that confirms after handling", () => {
  it("handles one chat in order, chats side by side, and moves the offset at the end", async () => {
    const { handle, started, end } = manualHandler();
    const sink = new HandlingSink({ handle, onHandlerError: noError });
    expect(sink.nextOffset()).toBeUndefined();
    const append = sink.append([message(10, 1), message(11, 1), message(12, 2)], never);
    expect(started).toEqual([10, 12]);
    await end(12);
    expect(sink.nextOffset()).toBeUndefined();
    await end(10);
    expect(started).toEqual([10, 12, 11]);
    await end(11);
    await append;
    expect(sink.nextOffset()).toBe(13);
  });

  it("goes on after a handler that fails, and reports it", async () => {
    const failed: unknown[] = [];
    const sink = new HandlingSink({
      handle: async ({ update_id: id }) => {
        if (id === 1) throw new Error("bad handler");
      },
      onHandlerError: (error, update) => failed.push([String(error), update.update_id]),
    });
    await sink.append([message(1, 1), message(2, 1)], never);
    expect(failed).toEqual([["Error: bad handler", 1]]);
    expect(sink.nextOffset()).toBe(3);
  });

  it("starts nothing after the abort, waits for what runs, and leaves the rest unconfirmed", async () => {
    const { handle, started, end } = manualHandler();
    const sink = new HandlingSink({ handle, onHandlerError: noError });
    const controller = new AbortController();
    const batch = [message(1, 1), message(2, 1), message(3, 2)];
    const append = sink.append(batch, controller.signal);
    controller.abort();
    await end(1);
    await end(3);
    await append;
    expect(sink.nextOffset()).toBe(2);

    const again = sink.append(batch, never);
    await end(2);
    await again;
    expect(started, "3 came again and was left out").toEqual([1, 3, 2]);
    expect(sink.nextOffset()).toBe(4);
  });

  it("drops repeats", async () => {
    const seen: number[] = [];
    const sink = new HandlingSink({
      handle: async ({ update_id: id }) => void seen.push(id),
      onHandlerError: noError,
    });
    await sink.append([message(5, 1)], never);
    await sink.append([message(5, 1), message(6, 1)], never);
    await sink.append([message(5, 1)], never);
    expect(seen).toEqual([5, 6]);
    expect(sink.nextOffset()).toBe(7);
  });
});

describe("the chat of an update", () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ["a message", { message: { chat: { id: -5 }, from: { id: 7 } } }, "-5"],
    [
      "a press",
      { callback_query: { id: "1", from: { id: 7 }, message: { chat: { id: -5 } } } },
      "-5",
    ],
    ["a press on an inline message", { callback_query: { id: "1", from: { id: 7 } } }, "7"],
    ["a reaction", { message_reaction: { chat: { id: 9 }, user: { id: 7 } } }, "9"],
    ["a vote", { poll_answer: { user: { id: 7 } } }, "7"],
    ["a poll", { poll: { id: "p" } }, undefined],
    ["nonsense", { message: 5, other: null }, undefined],
  ])("of %s", (_name, content, key) => {
    expect(chatKeyOf({ update_id: 1, ...content })).toBe(key);
  });
});
