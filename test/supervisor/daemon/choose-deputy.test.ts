import { describe, expect, it } from "vitest";
import { chooseDeputy } from "../../../supervisor/daemon/handover/polling-handover.ts";
import type { BotView } from "../../../supervisor/fleet/bot-view.ts";
import type { ChildState } from "../../../supervisor/fleet/state/child-record.ts";

function view(name: string, state: ChildState): BotView {
  return {
    name,
    role: name === "main" ? "main" : "auxiliary",
    state,
    reason: "",
    since: 0,
    pid: 1,
    identity: undefined,
    polling: { state: "reading" },
    botId: 1,
    lastPollCompletedAt: undefined,
    errors: {},
    intake: undefined,
    sending: undefined,
    restarts: 0,
    crashes: 0,
    nextTryAt: undefined,
  };
}

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
