import { describe, expect, it } from "vitest";
import {
  judgeLock,
  type LockEvidence,
  type LockVerdict,
} from "../../shared/polling-lock/staleness.ts";

const fresh = 1_000;
const old = 10_001;

describe("judging a lock", () => {
  it.each<{ what: string; evidence: Partial<LockEvidence>; verdict: LockVerdict }>([
    { what: "a living holder", evidence: { holder: "alive" }, verdict: "held" },
    {
      what: "a living holder that hangs",
      evidence: { holder: "alive", ageMs: 3_600_000 },
      verdict: "held",
    },
    {
      what: "a living holder of another network",
      evidence: { holder: "alive", sameNetNamespace: false, ageMs: old },
      verdict: "held",
    },
    { what: "a dead holder", evidence: { holder: "dead" }, verdict: "dead" },
    {
      what: "a dead holder of another network, just now",
      evidence: { holder: "dead", sameNetNamespace: false },
      verdict: "held",
    },
    {
      what: "a dead holder of another network, long ago",
      evidence: { holder: "dead", sameNetNamespace: false, ageMs: old },
      verdict: "abandoned",
    },
    { what: "an unknown holder, just now", evidence: { holder: "unknown" }, verdict: "held" },
    {
      what: "an unknown holder, long ago",
      evidence: { holder: "unknown", ageMs: old },
      verdict: "abandoned",
    },
    { what: "no record, just now", evidence: { holder: undefined }, verdict: "held" },
    {
      what: "no record, long ago",
      evidence: { holder: undefined, ageMs: old },
      verdict: "abandoned",
    },
    {
      what: "no record, at the limit",
      evidence: { holder: undefined, ageMs: 10_000 },
      verdict: "held",
    },
    {
      what: "a touch a second ahead, as proper-lockfile makes it",
      evidence: { holder: "unknown", ageMs: -1_005 },
      verdict: "held",
    },
    {
      what: "a touch from before the clock was set back",
      evidence: { holder: "unknown", ageMs: -60_000 },
      verdict: "abandoned",
    },
  ])("$what: $verdict", ({ evidence, verdict }) => {
    expect(
      judgeLock({ holder: undefined, sameNetNamespace: true, ageMs: fresh, ...evidence }),
    ).toBe(verdict);
  });
});
