import { describe, expect, it } from "vitest";
import { message } from "../updates.ts";
import { conflict, refused, webhookActive } from "./fake-api.ts";
import { pollingBench } from "./polling-bench.ts";

describe("what the right to poll says", () => {
  it("ends the loop after a conflict, with no last confirmation", async () => {
    const bench = pollingBench({ ownsToken: () => false });
    bench.api.script = [{ result: [message(5)] }, conflict()];
    await bench.start();
    expect(await bench.stop()).toBe("not_owner");
    expect(bench.api.polls.map(({ limit }) => limit)).toEqual([100, 100]);
  });
});

describe("a webhook", () => {
  it("found at the start is deleted", async () => {
    const bench = pollingBench();
    bench.api.webhookUrl = "https://example.org/x";
    await bench.start();
    expect(bench.api.calls).toEqual(["getWebhookInfo", "deleteWebhook", "getUpdates"]);
    await bench.stop();
  });

  it("that is to be kept stops polling until it is gone, looked at every minute", async () => {
    const bench = pollingBench({ webhookPolicy: "keep" });
    bench.api.webhookUrl = "https://example.org/x";
    await bench.start();
    await bench.clock.advance(180_000);
    expect(bench.api.calls).toEqual(Array(4).fill("getWebhookInfo"));
    expect(bench.told).toEqual(["state misconfigured"]);
    bench.api.webhookUrl = "";
    bench.api.script = [{ result: [] }];
    await bench.clock.advance(60_000);
    expect(bench.told).toEqual(["state misconfigured", "state polling", "ready"]);
    await bench.stop();
  });

  it("set while polling is never deleted; polling comes back by itself", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [] }, webhookActive(), { result: [] }];
    bench.api.getWebhookInfo = async () => {
      bench.api.calls.push("getWebhookInfo");
      const url = bench.api.webhookUrl;
      bench.api.webhookUrl = "https://example.org/x";
      return { url, has_custom_certificate: false, pending_update_count: 0 };
    };
    await bench.start();
    await bench.clock.advance(120_000);
    expect(bench.api.calls).not.toContain("deleteWebhook");
    expect(bench.told).toEqual(["state polling", "ready", "state misconfigured"]);
    const line = bench.log.of("warn").find((warning) => warning.includes("misconfigured"));
    expect(line).toContain("host example.org");
    bench.api.getWebhookInfo = async () => ({
      url: "",
      has_custom_certificate: false,
      pending_update_count: 0,
    });
    await bench.clock.advance(60_000);
    expect(bench.told.at(-1)).toBe("state polling");
    await bench.stop();
  });
});

describe("a refused token", () => {
  it("is confirmed with getMe, then looked at every 10 min, while the bot lives", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [] }, refused(401, "Unauthorized"), { result: [] }];
    await bench.start();
    bench.api.failing = refused(401, "Unauthorized");
    await bench.clock.advance(30 * 60_000);
    expect(bench.api.calls.filter((call) => call === "getMe")).toHaveLength(3);
    expect([...new Set(bench.told)]).toEqual(["state polling", "ready", "state auth_failed"]);
    expect(bench.log.of("error"), "the error and the state").toHaveLength(2);
    bench.api.failing = undefined;
    await bench.clock.advance(10_000);
    expect(bench.told.at(-1)).toBe("state polling");
    await bench.stop();
  });
});

describe("silence", () => {
  it("is cut off 15 s after the poll's time, on to a new connection; three in a row are a stall", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [] }, "park", "park", "park"];
    await bench.start();
    await bench.clock.advance(44_999);
    expect(bench.api.polls).toHaveLength(2);
    await bench.clock.advance(1 + 125);
    expect(bench.api.polls, "an unparked call tries the new connection").toHaveLength(3);
    expect(bench.api.polls[2]?.timeout).toBe(0);
    await bench.clock.advance(2 * 15_000 + 1_000);
    expect(bench.told).toEqual([
      "state polling",
      "ready",
      "rotate",
      "state waiting_for_network",
      "rotate",
      "rotate",
      "stalled",
    ]);
    expect(bench.api.mostRunning).toBe(1);
    await bench.stop();
    expect(bench.clock.pendingTimers).toBe(0);
  });
});

describe("two loops of different bots", () => {
  it("do not wait for each other", async () => {
    const one = pollingBench();
    const other = pollingBench();
    await one.start();
    await other.start();
    expect(other.api.calls).toEqual(["getWebhookInfo", "getUpdates"]);
    await one.stop();
    await other.stop();
  });
});

describe("a call that fails", () => {
  it("is told at once, with when it is tried again, and when it is over", async () => {
    const bench = pollingBench();
    bench.api.script = [{ result: [] }, refused(502, "Bad Gateway"), { result: [] }];
    await bench.start();
    const at = bench.clock.now();
    await bench.clock.advance(0);
    expect(bench.troubles[0]).toMatchObject({ what: expect.stringMatching(/Bad Gateway/), at });
    await bench.clock.advance(5_000);
    expect(bench.troubles.at(-1)).toBeUndefined();
    await bench.stop();
  });

  it("because of another poller stays told while polls work in between, and for two minutes", async () => {
    const bench = pollingBench();
    bench.api.script = [
      { result: [] },
      conflict(),
      ...Array.from({ length: 40 }, () => ({ result: [] })),
    ];
    await bench.start();
    const at = bench.clock.now();
    const what = "409 Conflict: another poller of this token";
    expect(bench.troubles).toEqual([{ what, at, nextTryAt: at + 5_000 }]);
    await bench.clock.advance(6_000);
    expect(bench.troubles.slice(1)).toEqual([{ what, at }]);
    expect(bench.told.at(-1)).not.toBe("state conflict");
    await bench.stop();
    expect(bench.troubles.at(-1)).toBeUndefined();
  });
});
