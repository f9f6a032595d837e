import { describe, expect, it } from "vitest";
import { identifySelf } from "../../../../shared/process/identity.ts";
import { applyChange } from "../../../../supervisor/cli/show/watch-fleet.ts";
import type { FleetPicture, PictureBot } from "../../../../supervisor/control/contract/picture.ts";

const bot = (name: string, state = "ready"): PictureBot => ({
  name,
  role: "auxiliary",
  state,
  polling: { state: "polling" },
  since: 0,
  restarts: 0,
  errors: {},
});
const usage = { memoryBytes: 1, cpuPercent: 2, processes: 3, suspended: false };
const fleet: FleetPicture = {
  version: 1,
  supervisor: identifySelf(),
  startedAt: 0,
  updatedAt: 0,
  state: "running",
  bots: [bot("a"), bot("b")],
};

const names = (picture: FleetPicture | undefined): string[] =>
  picture?.bots.map(({ name, state }) => `${name} ${state}`) ?? [];

describe("the picture after a change", () => {
  it("is nothing before the snapshot, and then the snapshot", () => {
    expect(applyChange(undefined, { type: "removed", name: "a" })).toBeUndefined();
    expect(applyChange(undefined, { type: "snapshot", fleet })).toBe(fleet);
  });

  it("has the bot as it is now, in its place; a new one last", () => {
    expect(names(applyChange(fleet, { type: "bot", bot: bot("a", "down") }))).toEqual([
      "a down",
      "b ready",
    ]);
    expect(names(applyChange(fleet, { type: "bot", bot: bot("c") }))).toHaveLength(3);
  });

  it("has no bot that was removed, and what each one uses", () => {
    expect(names(applyChange(fleet, { type: "removed", name: "a" }))).toEqual(["b ready"]);
    const measured = applyChange(fleet, { type: "usage", supervisor: usage, bots: { b: usage } });
    expect(measured?.usage).toEqual(usage);
    expect(measured?.bots.map((each) => each.usage)).toEqual([undefined, usage]);
  });
});
