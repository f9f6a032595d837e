import { tmpdir } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { AgentChild } from "../../../bots/main/agents/process/agent-child.ts";
import { systemClock } from "../../../shared/clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

let child: AgentChild | undefined;
afterEach(async () => {
  await child?.stop(0);
});

describe("the process of an agent", () => {
  it("that could not be ended is ended by the next try, as soon as that is possible", async () => {
    const program = {
      file: process.execPath,
      args: ["-e", "setInterval(() => {}, 1_000)"],
      folder: tmpdir(),
      environment: { TG_SUPERVISOR_TEST_MARK: `vain-${process.pid}` },
      refusal: undefined,
    };
    let ends = 0;
    const events = { line: () => undefined, ended: () => void (ends += 1) };
    child = new AgentChild(program, events, systemClock, recordingLog());
    const { identity } = child;
    if (identity === undefined) throw new Error("must live");
    const { pidNamespace } = identity;
    // For a while it looks like a process of another container, which nobody here may signal.
    Object.assign(identity, { pidNamespace: "another" });
    await expect(child.stop(1_000)).rejects.toThrow("cannot be identified");
    await expect(child.stop(0)).rejects.toThrow("cannot be identified");
    expect(ends).toBe(0);
    Object.assign(identity, { pidNamespace });
    expect(await child.stop(5_000)).toMatchObject({ swept: 0 });
    expect(ends).toBe(1);
  });
});
