import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAgentOf } from "../../../bots/main/agents/process/agent-mark.ts";
import { systemClock } from "../../../shared/clock.ts";
import { sweepMarked } from "../../../shared/process/terminate.ts";
import { killFixtures, startFixture } from "../../support/fixture-process.ts";
import { eventually, repositoryRoot } from "../../support/program.ts";
import { RealAgents } from "./real-agents.ts";

let agents: RealAgents;
beforeEach(() => {
  agents = new RealAgents();
});
afterEach(async () => {
  await killFixtures();
  await agents.remove();
});

describe("the death of a bot", () => {
  it("ends its agent, and the sweep of the bot's agents finds the tool that outlived it", async () => {
    const demo = join(repositoryRoot, "dist/bots/main/agents/demo/program/demo-agent.js");
    const { folder } = agents.place();
    const bot = startFixture("agent-host.ts", [demo, folder, agents.home.fleet]);
    const { pid } = await bot.next("working");
    await agents.alive(2);
    await bot.kill();
    await eventually(
      () => !agents.living().includes(Number(pid)),
      () => "the agent lives",
      5_000,
    );
    expect(agents.living()).toHaveLength(1);
    const swept = await sweepMarked(isAgentOf(agents.home), { graceMs: 2_000, clock: systemClock });
    expect(swept).toHaveLength(1);
    expect(agents.living()).toEqual([]);
  });
});
