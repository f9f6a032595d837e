import { describe, expect, it } from "vitest";
import { StartGate } from "../../../../../bots/main/agents/process/start-gate.ts";

describe("the gate of starts", () => {
  it("lets in so many at once, the others in their order", () => {
    const gate = new StartGate(2);
    const begun: number[] = [];
    const leave = [0, 1, 2, 3].map((each) => gate.enter(() => begun.push(each)));
    expect(begun).toEqual([0, 1]);
    leave[0]?.();
    leave[0]?.();
    expect(begun).toEqual([0, 1, 2]);
    leave[1]?.();
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it("forgets who gave up waiting", () => {
    const gate = new StartGate(1);
    const begun: number[] = [];
    const leave = [0, 1, 2].map((each) => gate.enter(() => begun.push(each)));
    leave[1]?.();
    leave[0]?.();
    expect(begun).toEqual([0, 2]);
    leave[2]?.();
    gate.enter(() => begun.push(3));
    expect(begun).toEqual([0, 2, 3]);
  });
});
