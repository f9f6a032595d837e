import { describe, expect, it } from "vitest";
import type { Update } from "../../shared/telegram/bot-api.ts";
import { message } from "../intake/updates.ts";
import { Gate } from "../support/gate.ts";
import { DispatchBench, deliver, settle } from "./dispatch-bench.ts";

const press = (updateId: number, chatId: number): Update => ({
  update_id: updateId,
  callback_query: {
    id: String(updateId),
    from: { id: chatId, is_bot: false, first_name: "A" },
    chat_instance: "1",
    message: { message_id: 1, date: 1, chat: { id: chatId, type: "private" } },
  },
});

describe("the dispatcher", () => {
  it("handles every update once, in the order of its conversation, and goes on there after a stop", async () => {
    const bench = new DispatchBench();
    const handled: number[] = [];
    const life = await bench.start(({ updateId }) => {
      handled.push(updateId);
    });
    await deliver(life, [message(1), message(2), message(3, 9)]);
    expect(await life.stop()).toBe(0);
    const next = await bench.start(({ updateId }) => {
      handled.push(updateId);
    });
    await deliver(next, [message(3, 9), message(4)]);
    // 3 is of another conversation and need not wait for 2.
    expect(handled).toEqual([1, 3, 2, 4]);
    await next.stop();
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.logBench.storage.openFiles).toBe(0);
  });

  it("passes by what is not for this bot", async () => {
    const bench = new DispatchBench();
    const handled: number[] = [];
    const life = await bench.start(
      ({ updateId }) => {
        handled.push(updateId);
      },
      { wants: ({ updateId }) => updateId % 2 === 0 },
    );
    await deliver(
      life,
      [1, 2, 3, 4, 5].map((id) => message(id)),
    );
    expect(handled).toEqual([2, 4]);
    expect(await life.dispatcher.status()).toMatchObject({ depth: 0 });
    await life.stop();
  });

  it("tells what it has in hand: what runs, what waits behind it, and nothing that is handled", async () => {
    const bench = new DispatchBench();
    const gate = new Gate();
    const life = await bench.start(async ({ updateId }) => {
      if (updateId === 2) await gate.passed;
    });
    await deliver(life, [message(1, 9), message(2), message(3)]);
    expect(life.dispatcher.unhandled.map(({ updateId }) => updateId)).toEqual([2, 3]);
    gate.open();
    await settle();
    expect(life.dispatcher.unhandled).toEqual([]);
    await life.stop();
  });

  it("lets a press overtake the messages of its conversation", async () => {
    const bench = new DispatchBench();
    const handled: number[] = [];
    const gate = new Gate();
    const life = await bench.start(
      async ({ updateId }) => {
        if (updateId === 1) await gate.passed;
        handled.push(updateId);
      },
      { isUrgent: ({ update }) => "callback_query" in update },
    );
    await deliver(life, [message(1), message(2), press(3, 1)]);
    expect(handled).toEqual([3]);
    gate.open();
    await settle();
    expect(handled).toEqual([3, 1, 2]);
    await life.stop();
  });

  it("tries a failing update again in its place, then gives it up, and the conversation goes on", async () => {
    const bench = new DispatchBench();
    const runs: string[] = [];
    const life = await bench.start(({ updateId }, { attempt }) => {
      runs.push(`${updateId}.${attempt}`);
      if (updateId === 1) throw new Error("cannot 777:AAAAAAAAAAAAAAAAAAAAAAAA");
    });
    await deliver(life, [message(1), message(2), message(3, 9)]);
    expect(runs).toEqual(["1.1", "3.1"]);
    await bench.clock.advance(60_000);
    expect(runs).toEqual(["1.1", "3.1", "1.2", "1.3", "1.4", "1.5", "2.1"]);
    expect(bench.deadLetters.letters).toMatchObject([
      { updateId: 1, attempts: 5, error: "cannot 777:<redacted>", key: "1" },
    ]);
    expect(life.cursor.open).toBe(0);
    await life.stop();
  });

  it("tries a dead letter again when asked, once at a time, and drops one when asked", async () => {
    const bench = new DispatchBench();
    let isBroken = true;
    const attempts: number[] = [];
    const life = await bench.start((_, { attempt }) => {
      attempts.push(attempt);
      if (isBroken) throw new Error("no");
    });
    await deliver(life, [message(1), message(2, 9)]);
    await bench.clock.advance(60_000);
    const [first, second] = life.dispatcher.deadLetters();
    expect(life.dispatcher.retryDeadLetter(first?.seq ?? 0)).toBe(true);
    expect(life.dispatcher.retryDeadLetter(first?.seq ?? 0)).toBe(false);
    await settle();
    expect(life.dispatcher.deadLetters()).toHaveLength(2);
    isBroken = false;
    expect(life.dispatcher.retryDeadLetter(first?.seq ?? 0)).toBe(true);
    await settle();
    expect(life.dispatcher.deadLetters()).toEqual([second]);
    expect(attempts.slice(-2)).toEqual([6, 6]);
    expect(await life.dispatcher.dropDeadLetter(second?.seq ?? 0)).toBe(true);
    expect(life.dispatcher.retryDeadLetter(second?.seq ?? 0)).toBe(false);
    await life.stop();
  });

  it("reports a slow handler, gives it up at its deadline without a second run, and its lane goes on", async () => {
    const bench = new DispatchBench();
    const runs: number[] = [];
    const signals: AbortSignal[] = [];
    const life = await bench.start(({ updateId }, { signal }) => {
      runs.push(updateId);
      signals.push(signal);
      return updateId === 1 ? new Promise(() => undefined) : undefined;
    });
    await deliver(life, [message(1), message(2)]);
    await bench.clock.advance(30_000);
    expect(bench.log.of("warn").join()).toContain("A handler is slow");
    await bench.clock.advance(270_000);
    expect(runs).toEqual([1, 2]);
    expect(signals[0]?.aborted).toBe(true);
    expect(bench.deadLetters.letters).toMatchObject([{ updateId: 1 }]);
    await life.stop();
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it("stops: what runs may end, what waits is left, and being broken off is no failure", async () => {
    const bench = new DispatchBench();
    const runs: string[] = [];
    const gate = new Gate();
    const handle = ({ updateId }: { updateId: number }, { attempt }: { attempt: number }) => {
      runs.push(`${updateId}.${attempt}`);
      if (attempt > 1 || updateId === 2) return undefined;
      if (updateId === 3) return new Promise<void>(() => undefined);
      return gate.passed;
    };
    const life = await bench.start(handle);
    await deliver(life, [message(1), message(2), message(3, 9)]);
    const stopping = life.stop(3_000);
    await settle();
    gate.open();
    await bench.clock.advance(3_000);
    expect(await stopping).toBe(2);
    const next = await bench.start(handle);
    await settle();
    expect(runs).toEqual(["1.1", "3.1", "2.1", "3.2"]);
    expect(bench.deadLetters.letters).toEqual([]);
    await next.stop();
  });

  it("records a restart command as handled before it acts", async () => {
    const bench = new DispatchBench();
    const runs: number[] = [];
    const life = await bench.start(async ({ updateId }, context) => {
      runs.push(updateId);
      await context.handledNow();
      life.kill();
      await new Promise(() => undefined);
    });
    await deliver(life, [message(1)]);
    const next = await bench.start(({ updateId }) => {
      runs.push(updateId);
    });
    await settle();
    expect(runs).toEqual([1]);
    await next.stop();
  });

  it("waits with giving up while the dead-letter list cannot be written", async () => {
    const bench = new DispatchBench();
    bench.deadLetters.fault = new Error("disk full");
    const life = await bench.start(() => {
      throw new Error("no");
    });
    await deliver(life, [message(1)]);
    await bench.clock.advance(60_000);
    expect(life.cursor.open).toBe(1);
    bench.deadLetters.fault = undefined;
    await bench.clock.advance(2_000);
    expect(bench.deadLetters.letters).toHaveLength(1);
    expect(life.cursor.open).toBe(0);
    await life.stop();
  });

  it("shows depth and age of the oldest unhandled update", async () => {
    const bench = new DispatchBench();
    const life = await bench.start(() => new Promise<void>(() => undefined));
    const receivedAtMs = bench.clock.now();
    await deliver(life, [message(1), message(2)]);
    await bench.clock.advance(1_000);
    await deliver(life, [message(3, 9)]);
    expect(await life.dispatcher.status()).toEqual({
      depth: 3,
      held: 3,
      running: 2,
      oldestUnhandledAtMs: receivedAtMs,
      deadLetters: 0,
    });
    const stopping = life.stop(0);
    await bench.clock.advance(0);
    expect(await stopping).toBe(3);
  });
});
