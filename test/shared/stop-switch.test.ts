import { describe, expect, it } from "vitest";
import { StopSwitch } from "../../shared/stop-switch.ts";
import { ManualClock } from "../support/manual-clock.ts";

describe("the stop switch", () => {
  it("keeps the first cause", () => {
    const stop = new StopSwitch(new ManualClock());
    expect(stop.pull("supervisor_lost")).toBe("stopping");
    expect(stop.pull("sigterm")).toBe("already_stopping");
    expect(stop.cause).toBe("supervisor_lost");
    expect(stop.signal.aborted).toBe(true);
  });

  it("takes a second Ctrl-C within a second for the same one, and a later one for force", async () => {
    const clock = new ManualClock();
    const stop = new StopSwitch(clock);
    stop.pull("sigint");
    await clock.advance(1);
    expect(stop.pull("sigint")).toBe("already_stopping");
    await clock.advance(998);
    expect(stop.pull("sigterm")).toBe("already_stopping");
    await clock.advance(1);
    expect(stop.pull("sigint")).toBe("force");
  });
});
