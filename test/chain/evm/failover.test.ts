import { describe, expect, it } from "vitest";
import { ChainError, type ChainTrouble } from "../../../shared/chain/chain-error.ts";
import { Failover } from "../../../shared/chain/evm/failover.ts";
import type { RpcCall, RpcEndpoint } from "../../../shared/chain/evm/rpc-endpoint.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const call: RpcCall = { method: "eth_blockNumber", params: [] };

const asIs = (answer: unknown): unknown => answer;

/** An address that answers its own name, or with the trouble it is in. */
class FakeEndpoint implements RpcEndpoint {
  readonly shown: string;
  trouble: ChainTrouble | undefined;
  retryAfterMs: number | undefined;
  chain: unknown = "0x1";
  asked = 0;

  constructor(shown: string) {
    this.shown = shown;
  }

  async ask({ method }: RpcCall): Promise<unknown> {
    this.asked += 1;
    if (this.trouble !== undefined)
      throw new ChainError(this.trouble, `${this.shown} is in trouble`, this.retryAfterMs);
    return method === "eth_chainId" ? this.chain : this.shown;
  }
}

function open(count = 2) {
  const clock = new ManualClock();
  const log = recordingLog("chain");
  const endpoints = Array.from({ length: count }, (_, index) => new FakeEndpoint(`rpc-${index}`));
  const failover = new Failover({ endpoints, chainId: 1, clock, random: () => 0.5, log });
  const [first, second] = endpoints;
  if (first === undefined || second === undefined) throw new Error("two are needed");
  const { signal } = new AbortController();
  return { clock, log, failover, first, second, signal };
}

describe("several RPC addresses", () => {
  it("are asked in their order", async () => {
    const { failover, second, signal } = open();
    expect(await failover.ask(call, asIs, signal)).toBe("rpc-0");
    expect(second.asked).toBe(0);
  });

  it.each(["unreachable", "rate_limited", "not_there", "refused"] as const)(
    "stand in for one that is in trouble: %s",
    async (trouble) => {
      const { failover, first, signal } = open();
      await failover.ask(call, asIs, signal);
      first.trouble = trouble;
      expect(await failover.ask(call, asIs, signal)).toBe("rpc-1");
    },
  );

  it("stand in for one whose answers cannot be used, which is left alone then", async () => {
    const { failover, first, second, signal } = open();
    const read = (answer: unknown): unknown => {
      if (answer === first.shown) throw new ChainError("unreachable", "that is no answer");
      return answer;
    };
    expect(await failover.ask(call, read, signal)).toBe("rpc-1");
    expect(await failover.ask(call, read, signal)).toBe("rpc-1");
    // Its chain, and once in vain.
    expect([first.asked, second.asked]).toEqual([2, 3]);
  });

  it("leave one in trouble alone for a while, longer each time, and come back to it", async () => {
    const { clock, failover, first, signal } = open();
    first.trouble = "unreachable";
    await failover.ask(call, asIs, signal);
    await failover.ask(call, asIs, signal);
    expect(first.asked).toBe(1);
    await clock.advance(500);
    await failover.ask(call, asIs, signal);
    expect(first.asked).toBe(2);
    await clock.advance(500);
    await failover.ask(call, asIs, signal);
    expect(first.asked).toBe(2);
    first.trouble = undefined;
    await clock.advance(500);
    expect(await failover.ask(call, asIs, signal)).toBe("rpc-0");
  });

  it("keep the time that a rate limit asks for", async () => {
    const { clock, failover, first, signal } = open();
    first.trouble = "rate_limited";
    first.retryAfterMs = 20_000;
    await failover.ask(call, asIs, signal);
    first.trouble = undefined;
    await clock.advance(19_000);
    expect(await failover.ask(call, asIs, signal)).toBe("rpc-1");
    await clock.advance(1_000);
    expect(await failover.ask(call, asIs, signal)).toBe("rpc-0");
  });

  it("are tried again and again for some seconds when none works, then the trouble is told", async () => {
    const { clock, failover, first, second, signal } = open();
    first.trouble = "unreachable";
    second.trouble = "unreachable";
    const asking = failover.ask(call, asIs, signal);
    const failed = asking.catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await failed).toMatchObject({ trouble: "unreachable" });
    expect(first.asked + second.asked).toBeGreaterThan(4);
    expect(first.asked + second.asked).toBeLessThan(20);
    expect(clock.pendingTimers).toBe(0);
  });

  it("answer as soon as one works again", async () => {
    const { clock, failover, first, second, signal } = open();
    first.trouble = "unreachable";
    second.trouble = "rate_limited";
    const asking = failover.ask(call, asIs, signal);
    await clock.advance(100);
    second.trouble = undefined;
    await clock.advance(2_000);
    expect(await asking).toBe("rpc-1");
  });

  it("are not used when they speak for another chain", async () => {
    const { failover, first, second, log, signal } = open();
    first.chain = "0x38";
    expect(await failover.ask(call, asIs, signal)).toBe("rpc-1");
    expect(await failover.ask(call, asIs, signal)).toBe("rpc-1");
    expect(first.asked).toBe(1);
    expect(log.lines.join()).toContain("speaks for chain 56, not for 1");
    second.chain = "0x38";
  });

  it.each([null, "", "0x", "busy", {}, "0x1g"])(
    "are used again after they answered %j for their chain",
    async (rubbish) => {
      const { clock, failover, first, signal } = open();
      first.chain = rubbish;
      expect(await failover.ask(call, asIs, signal)).toBe("rpc-1");
      first.chain = "0x1";
      await clock.advance(1_000);
      expect(await failover.ask(call, asIs, signal)).toBe("rpc-0");
    },
  );

  it("are refused where all speak for another chain", async () => {
    const { failover, first, second, signal } = open();
    first.chain = "0x38";
    second.chain = "0x38";
    await expect(failover.ask(call, asIs, signal)).rejects.toMatchObject({ trouble: "refused" });
    await expect(failover.ask(call, asIs, signal)).rejects.toMatchObject({ trouble: "refused" });
  });

  it("are each asked once for what is refused", async () => {
    const { failover, first, second, signal } = open();
    await failover.ask(call, asIs, signal);
    first.trouble = "refused";
    second.trouble = "refused";
    await expect(failover.ask(call, asIs, signal)).rejects.toMatchObject({ trouble: "refused" });
    expect([first.asked, second.asked]).toEqual([3, 1]);
  });

  it.each(["too_much", "strange_contract"] as const)(
    "are not asked on for what every address says alike: %s",
    async (trouble) => {
      const { failover, first, second, signal } = open();
      await failover.ask(call, asIs, signal);
      first.trouble = trouble;
      await expect(failover.ask(call, asIs, signal)).rejects.toMatchObject({ trouble });
      expect(second.asked).toBe(0);
    },
  );

  it("stop waiting when their caller stops", async () => {
    const { clock, failover, first, second } = open();
    const stop = new AbortController();
    first.trouble = "unreachable";
    second.trouble = "unreachable";
    const asking = failover.ask(call, asIs, stop.signal);
    const failed = asking.catch((error: unknown) => error);
    await clock.advance(100);
    stop.abort(new Error("enough"));
    expect(await failed).toEqual(new Error("enough"));
    expect(clock.pendingTimers).toBe(0);
  });
});
