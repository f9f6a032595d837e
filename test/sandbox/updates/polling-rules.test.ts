import { describe, expect, it } from "vitest";
import {
  ConflictThrottle,
  PollingRules,
} from "../../../supervisor/sandbox/updates/polling-rules.ts";

const query = (offset: number, timeoutSeconds = 30, limit = 100) => ({
  offset,
  timeoutSeconds,
  limit,
});

describe("limit and timeout", () => {
  it.each([
    ["limit 0", { limit: 0 }, { limit: 1 }],
    ["limit 500", { limit: 500 }, { limit: 100 }],
    ["limit -5", { limit: -5 }, { limit: 1 }],
    ["timeout 60", { timeoutSeconds: 60 }, { timeoutSeconds: 50 }],
    ["timeout -1", { timeoutSeconds: -1 }, { timeoutSeconds: 0 }],
  ])("%s is clamped", (_, asked, expected) => {
    expect(new PollingRules().adjust({ ...query(1), ...asked }, 0)).toMatchObject(expected);
  });
});

describe("the same offset again", () => {
  it.each([
    [499, { timeoutSeconds: 3, limit: 1 }],
    [500, { timeoutSeconds: 3, limit: 100 }],
    [2999, { timeoutSeconds: 3, limit: 100 }],
    [3000, { timeoutSeconds: 0, limit: 100 }],
  ])("after %i ms", (elapsedMs, expected) => {
    const rules = new PollingRules();
    rules.adjust(query(7, 0), 0);
    expect(rules.adjust(query(7, 0), elapsedMs)).toMatchObject(expected);
  });

  it("keeps a longer timeout", () => {
    const rules = new PollingRules();
    rules.adjust(query(7, 30), 0);
    expect(rules.adjust(query(7, 30), 100).timeoutSeconds).toBe(30);
  });

  it("is another matter for another offset, and for the very first call", () => {
    const rules = new PollingRules();
    expect(rules.adjust(query(0, 0), 0)).toMatchObject({ timeoutSeconds: 0, limit: 100 });
    expect(rules.adjust(query(8, 0), 1)).toMatchObject({ timeoutSeconds: 0, limit: 100 });
  });
});

describe("409s", () => {
  it("come at once, then 3 s late within 3 s of the last immediate one", () => {
    const throttle = new ConflictThrottle();
    const delays = [0, 1000, 2999, 3000, 3001, 6000].map((at) => throttle.delayMs(at));
    expect(delays).toEqual([0, 3000, 3000, 0, 3000, 0]);
  });
});
