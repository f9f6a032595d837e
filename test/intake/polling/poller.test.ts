import { describe, expect, it } from "vitest";
import { aborted } from "../../../shared/aborted.ts";
import { SinkUnavailableError, type UpdateSink } from "../../../shared/intake/update-sink.ts";
import { message } from "../updates.ts";
import { conflict, refused } from "./fake-api.ts";
import { pollingBench } from "./polling-bench.ts";

describe("a poller that starts", () => {
  it("looks for a webhook, asks once without parking and with its allowed updates, then parks", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [] }];
    await bench.start();
    expect(bench.api.calls).toEqual(["getWebhookInfo", "getUpdates", "getUpdates"]);
    expect(bench.api.polls).toEqual([
      { limit: 100, timeout: 0, allowed_updates: ["message"] },
      { limit: 100, timeout: 30 },
    ]);
    expect(bench.told).toEqual(["state polling", "ready"]);
    expect(await bench.stop()).toBe("stopped");
    expect(bench.told.at(-1)).toBe("state stopped");
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it("is ready when Telegram parks the first call, after half a second", async () => {
    const bench = pollingBench();
    await bench.start();
    await bench.clock.advance(499);
    expect(bench.told).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.told).toEqual(["state polling", "ready"]);
    await bench.stop();
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it("is not ready before a good answer once something failed", async () => {
    const bench = pollingBench();
    bench.api.script = [refused(502, "Bad Gateway")];
    await bench.start();
    await bench.clock.advance(2_000);
    expect(bench.told).toEqual(["state waiting_for_network", "rotate"]);
    bench.api.unpark([]);
    await bench.clock.advance(0);
    expect(bench.told.slice(2)).toEqual(["state polling", "ready"]);
    await bench.stop();
  });

  it("stays up without Telegram and comes back by itself", async () => {
    const bench = pollingBench();
    bench.api.failing = Object.assign(new Error("x"), { code: "ENOTFOUND" });
    await bench.start();
    await bench.clock.advance(600_000);
    expect(bench.told.filter((told) => told !== "rotate")).toEqual(["state waiting_for_network"]);
    expect(bench.api.polls).toEqual([]);
    bench.api.failing = undefined;
    bench.api.script = [{ result: [] }];
    await bench.clock.advance(30_000);
    expect(bench.told.slice(-2)).toEqual(["state polling", "ready"]);
    expect(bench.log.of("warn").length, "no line per try").toBeLessThan(6);
    await bench.stop();
  });

  it("sends changed allowed updates with the next call, and the first ones until they arrive", async () => {
    let allowed = ["message"];
    const bench = pollingBench({ allowedUpdates: () => allowed });
    bench.api.script = [refused(500, "x"), { result: [] }];
    await bench.start();
    await bench.clock.advance(1_000);
    allowed = ["message", "callback_query"];
    bench.api.unpark([]);
    await bench.clock.advance(0);
    const sent = bench.api.polls.map((poll) => poll.allowed_updates);
    expect(sent).toEqual([["message"], ["message"], undefined, ["message", "callback_query"]]);
    await bench.stop();
  });

  it("waits for the loop before it, whatever keeps that one", async () => {
    const finish = new AbortController();
    const slow: UpdateSink = {
      nextOffset: () => undefined,
      append: () =>
        new Promise((resolve) => finish.signal.addEventListener("abort", () => resolve())),
    };
    const first = pollingBench({ botId: 7, sink: slow });
    first.api.script = [{ result: [message(1)] }];
    await first.start();
    const second = pollingBench({ botId: 7 });
    await second.start();
    const stopping = first.stop();
    await second.clock.advance(60_000);
    expect(second.api.calls).toEqual([]);
    finish.abort();
    await stopping;
    await second.clock.advance(0);
    expect(second.api.calls).toEqual(["getWebhookInfo", "getUpdates"]);
    await second.stop();
  });
});

describe("updates", () => {
  it("are confirmed by the poll after their handlers", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [message(5), message(6)] }];
    await bench.start();
    expect(bench.handled).toEqual([5, 6]);
    expect(bench.api.polls[1]).toEqual({ offset: 7, limit: 100, timeout: 30 });
    await bench.stop();
  });

  it("are confirmed by a last call when the stop comes before the next poll", async () => {
    const bench = pollingBench({ sink: takesAtTheStop(7) });
    bench.api.script = [{ result: [message(5), message(6)] }, { result: [message(7)] }];
    await bench.start();
    expect(bench.api.polls).toHaveLength(1);
    await bench.stop();
    expect(bench.api.polls.slice(1)).toEqual([{ offset: 7, limit: 1, timeout: 0 }]);
  });

  it("need no last confirmation when a poll with their offset has left: its repeat would park", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [message(5)] }];
    await bench.start();
    expect(await bench.stop()).toBe("stopped");
    expect(bench.api.polls.map(({ limit }) => limit)).toEqual([100, 100]);
  });

  it("are confirmed by a last call when the poll with their offset failed", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [message(5)] }, refused(502, "Bad Gateway")];
    await bench.start();
    await bench.stop();
    expect(bench.api.polls.at(-1)).toEqual({ offset: 6, limit: 1, timeout: 0 });
  });

  it("do not hold up a stop when their last confirmation gets no answer", async () => {
    const bench = pollingBench({ sink: takesAtTheStop(6) });
    bench.api.script = [{ result: [message(5)] }];
    await bench.start();
    expect(await bench.stop()).toBe("stopped");
    expect(bench.log.of("info").at(-2)).toContain("could not be confirmed");
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it("that are malformed are left out and counted, the others are handled", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [null, 5, { update_id: "x" }, message(3), { message: {} }] }];
    await bench.start();
    expect(bench.handled).toEqual([3]);
    expect(bench.errors).toEqual(["bad_response"]);
    await bench.stop();
  });

  it.each([[null], [{}], ["x"], [[null]], [[{ update_id: 1.5 }]]])(
    "%j instead of a list is waited out, not spun on",
    async (result) => {
      const bench = pollingBench();
      bench.api.script = Array.from({ length: 100 }, () => ({ result }));
      await bench.start();
      await bench.clock.advance(60_000);
      expect(bench.api.polls.length).toBeLessThan(20);
      expect(bench.told).not.toContain("ready");
      await bench.stop();
    },
  );

  it("that cannot be stored are not confirmed; the same batch comes again until it can", async () => {
    const stored: number[] = [];
    let full = true;
    const sink: UpdateSink = {
      nextOffset: () => (stored.length === 0 ? undefined : (stored.at(-1) ?? 0) + 1),
      append: async (updates) => {
        if (full) throw new SinkUnavailableError("disk full");
        stored.push(...updates.map((update) => update.update_id));
      },
    };
    const bench = pollingBench({ sink });
    const batch = { result: [message(5)] };
    bench.api.script = [batch, batch, batch, batch];
    await bench.start();
    await bench.clock.advance(400);
    expect(bench.told).toEqual(["state polling", "ready", "state waiting_for_storage"]);
    expect(bench.api.polls.every((poll) => poll.offset === undefined)).toBe(true);
    full = false;
    await bench.clock.advance(5_000);
    expect(stored).toEqual([5]);
    expect(bench.told.at(-1)).toBe("state polling");
    expect(bench.api.polls.at(-1)?.offset).toBe(6);
    await bench.stop();
  });

  it("that a sink neither takes nor refuses do not make the poller spin", async () => {
    const sink: UpdateSink = { nextOffset: () => 5, append: async () => undefined };
    const bench = pollingBench({ sink });
    bench.api.script = Array.from({ length: 1000 }, () => ({ result: [message(5)] }));
    await bench.start();
    await bench.clock.advance(60_000);
    expect(bench.api.polls.length).toBeLessThan(20);
    expect(bench.told.at(-1)).toBe("state waiting_for_storage");
    await bench.stop();
  });
});

describe("a stop", () => {
  it.each([
    ["while a call is parked", []],
    ["in a short wait", [refused(502, "x")]],
    ["in a wait after a conflict", [conflict()]],
    ["in a flood wait", [refused(429, "Too Many Requests: retry after 60", 60)]],
    ["in a wait for the token", [refused(401, "Unauthorized")]],
    ["in a slow retry", [refused(400, "Bad Request")]],
  ])("%s ends the loop at once, without timers", async (_name, script) => {
    const bench = pollingBench();
    bench.api.script = [...script];
    await bench.start();
    expect(await bench.stop()).toBe("stopped");
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.api.running).toBe(0);
    expect(bench.told.at(-1)).toBe("state stopped");
  });

  it("before the start leaves Telegram alone", async () => {
    const bench = pollingBench();
    const end = bench.stop();
    await bench.start();
    expect(await end).toBe("stopped");
    expect(bench.api.calls).toEqual([]);
  });
});

/** A sink whose work ends only when it is told to stop. */
function takesAtTheStop(offset: number): UpdateSink {
  let next: number | undefined;
  return {
    nextOffset: () => next,
    append: async (_updates, signal) => {
      await aborted(signal);
      next = offset;
    },
  };
}
