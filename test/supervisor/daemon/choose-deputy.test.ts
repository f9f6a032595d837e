import { describe, expect, it } from "vitest";
import { chooseDeputy } from "../../../supervisor/daemon/handover/polling-handover.ts";
import type { ChildState } from "../../../supervisor/fleet/state/child-record.ts";
import { botView } from "./bot-view.ts";

const view = (name: string, state: ChildState) => botView(name, { state });

describe("who polls main's token while main is away", () => {
  const candidates = ["a", "b"];
  it.each([
    ["the first that is ready", [view("a", "ready"), view("b", "ready")], undefined, "a"],
    [
      "the next one where the first is not",
      [view("a", "starting"), view("b", "ready")],
      undefined,
      "b",
    ],
    [
      "whoever does it already, as long as it is ready",
      [view("a", "ready"), view("b", "ready")],
      "b",
      "b",
    ],
    ["another one when that one is gone", [view("a", "ready"), view("b", "backing_off")], "b", "a"],
    ["nobody where nobody can", [view("a", "given_up"), view("b", "down")], "a", undefined],
    ["never a bot on another token", [view("c", "ready")], undefined, undefined],
  ])("is %s", (_, bots, current, expected) => {
    expect(chooseDeputy(bots, candidates, current)).toBe(expected);
  });
});
