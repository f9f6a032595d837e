import { setMaxListeners } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { acquirePollGuard, tryPollGuard } from "../../shared/polling-lock/poll-guard.ts";
import {
  bindWhenFree,
  kernelLockAddress,
  tryBind,
  waitUntilFree,
} from "../../shared/process/kernel-lock.ts";
import { type FixtureProcess, killFixtures, startFixture } from "../support/fixture-process.ts";
import { ManualClock } from "../support/manual-clock.ts";

afterEach(killFixtures);

/** Generous for a busy machine; measured is about a millisecond. */
const soonMs = 5_000;
let lastBotId = process.pid * 1_000;

/** A server that exists nowhere: the guard's name is of this test alone. */
async function startHolder(): Promise<{
  guard: { apiRoot: string; botId: number };
  holder: FixtureProcess;
}> {
  lastBotId += 1;
  const guard = { apiRoot: "https://guard.test.invalid", botId: lastBotId };
  const holder = startFixture("guard-holder.ts", [guard.apiRoot, String(guard.botId)]);
  await holder.next("holds");
  return { guard, holder };
}

const noAbort = new AbortController().signal;
setMaxListeners(0, noAbort);

describe("the poll guard", () => {
  it("has one holder, and a waiter gets it as soon as the holder is killed", async () => {
    const { guard, holder } = await startHolder();
    expect(await tryPollGuard(guard)).toBeUndefined();
    let waits = 0;
    const waiting = acquirePollGuard({ ...guard, signal: noAbort, onWait: () => (waits += 1) });
    await systemClock.sleep(50);
    const startedMs = systemClock.monotonic();
    holder.child.kill("SIGKILL");
    const mine = await waiting;
    expect(systemClock.monotonic() - startedMs).toBeLessThan(soonMs);
    expect(waits).toBe(1);
    await mine.release();
    await (await tryPollGuard(guard))?.release();
  });

  it("is not inherited by a detached child that outlives its killed holder", async () => {
    const { guard, holder } = await startHolder();
    holder.send({ type: "leave-child" });
    const pid = Number((await holder.next("child"))["pid"]);
    try {
      await holder.kill();
      const mine = await tryPollGuard(guard);
      expect(process.kill(pid, 0)).toBe(true);
      expect(mine).toBeDefined();
      await mine?.release();
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("goes from one waiter to the next, one at a time", async () => {
    const { guard, holder } = await startHolder();
    let holders = 0;
    const turns = Array.from({ length: 10 }, async () => {
      const mine = await acquirePollGuard({ ...guard, signal: noAbort });
      holders += 1;
      expect(holders).toBe(1);
      await systemClock.sleep(2);
      holders -= 1;
      await mine.release();
    });
    holder.send({ type: "release" });
    await Promise.all(turns);
  });

  it("ends a wait when the signal aborts", async () => {
    const { guard } = await startHolder();
    const stop = new AbortController();
    const waiting = acquirePollGuard({ ...guard, signal: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
  });

  it("does not keep its process alive, not even with waiters connected", async () => {
    const { guard, holder } = await startHolder();
    const waiting = acquirePollGuard({ ...guard, signal: noAbort });
    await systemClock.sleep(50);
    holder.send({ type: "let-go" });
    await holder.exited;
    expect(holder.child.exitCode).toBe(0);
    await (await waiting).release();
  });

  it.skipIf(process.platform !== "linux")(
    "is waited for also when its holder is suspended and its queue is full (Linux queues)",
    async () => {
      const { guard, holder } = await startHolder();
      holder.child.kill("SIGSTOP");
      const stop = new AbortController();
      setMaxListeners(0, stop.signal);
      // The kernel lets 511 connections (Node's default) wait at a door that nobody opens.
      const crowd = Array.from({ length: 600 }, () =>
        acquirePollGuard({ ...guard, signal: stop.signal }).catch(() => undefined),
      );
      const late = acquirePollGuard({ ...guard, signal: noAbort });
      await systemClock.sleep(100);
      stop.abort();
      await Promise.all(crowd);
      const startedMs = systemClock.monotonic();
      await holder.kill();
      const mine = await late;
      expect(systemClock.monotonic() - startedMs).toBeLessThan(2_000);
      await mine.release();
    },
  );
});

describe("a kernel lock where there are no abstract sockets", () => {
  const options = { platform: "darwin" } as const;

  it("is exclusive, waited for and handed on, by a port of the loopback", async () => {
    const name = `tcp ${process.pid}`;
    const first = await tryBind(name, options);
    expect(await tryBind(name, options)).toBeUndefined();
    const waiting = bindWhenFree(name, noAbort, options);
    await systemClock.sleep(20);
    await first?.release();
    await (await waiting).release();
  });

  it.each([
    { manner: "talks", greeting: "220 mail.example\r\n" },
    { manner: "says nothing", greeting: undefined },
  ])("tells of a foreign program on its port that $manner", async ({ greeting }) => {
    const name = `foreign ${process.pid} ${greeting ?? ""}`;
    const address = kernelLockAddress(name, "darwin");
    const clock = new ManualClock();
    const stranger = createServer((socket) => {
      socket.on("error", () => {});
      // A holder would have said who it is by then.
      if (greeting === undefined) void clock.advance(5_000);
      if (greeting !== undefined) socket.write(greeting);
    });
    await new Promise<void>((resolve) => {
      stranger.listen(address, resolve);
    });
    try {
      await expect(waitUntilFree(name, noAbort, { ...options, clock })).rejects.toThrow(
        /^Port \d+ of 127\.0\.0\.1 .* another program/,
      );
    } finally {
      stranger.close();
    }
    expect(clock.pendingTimers).toBe(0);
  });
});
