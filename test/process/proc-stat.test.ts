import { describe, expect, it } from "vitest";
import { hasEnded, parseStat } from "../../shared/process/proc-stat.ts";

const rest =
  "S 8883 8880 3331 0 -1 4194304 2433 0 0 0 4 1 0 0 20 0 11 0 91185 779808768 10833 18446744073709551615";

describe("parseStat", () => {
  it.each(["node", "a b", ") S 1 1", "((", "x) Z 1 (y", "two\nlines", ""])(
    "reads past the name %j",
    (command) => {
      expect(parseStat(`8891 (${command}) ${rest}\n`)).toEqual({
        pid: 8891,
        command,
        state: "S",
        parentPid: 8883,
        processGroup: 8880,
        cpuTicks: 5,
        threads: 11,
        startTicks: 91_185,
        residentPages: 10_833,
      });
    },
  );

  it.each(["", "8891", "8891 (node", "8891 (node) S", "x (node) S 1 1"])(
    "does not guess from %j",
    (line) => {
      expect(parseStat(line)).toBeUndefined();
    },
  );
});

describe("hasEnded", () => {
  it.each([
    { state: "Z", threads: 1, ended: true },
    { state: "X", threads: 1, ended: true },
    { state: "Z", threads: 3, ended: false },
    { state: "S", threads: 1, ended: false },
    { state: "T", threads: 1, ended: false },
  ])("is $ended for state $state with $threads threads", ({ state, threads, ended }) => {
    const stat = parseStat(`8891 (node) ${rest}`);
    if (stat === undefined) throw new Error("must be readable");
    expect(hasEnded({ ...stat, state, threads })).toBe(ended);
  });
});
