import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WarmAgent } from "../../../bots/main/agents/warm/warm-agent.ts";
import { systemClock } from "../../../shared/clock.ts";
import { eventually } from "../../support/program.ts";
import { RealAgents } from "./real-agents.ts";

const kind = { agent: "demo", persona: "default", model: undefined };
let agents: RealAgents;
let warm: WarmAgent;
beforeEach(() => {
  agents = new RealAgents();
  let ids = 0;
  warm = new WarmAgent({
    kind,
    driver: agents.driver("demo"),
    systemPrompt: undefined,
    sessionsRoot: agents.sessionsRoot,
    newFolderId: () => `id-${(ids += 1)}`,
    environmentFor: (id) => agents.mark(id),
    minFreeMb: 0,
    clock: systemClock,
    random: Math.random,
    log: agents.log,
  });
});
afterEach(async () => {
  await warm.close();
  await agents.remove();
});

describe("a prepared agent", () => {
  it("answers in the folder it was prepared in, and leaves its place to the next", async () => {
    warm.open();
    const taken = await eventually(
      () => warm.take(kind),
      () => agents.log.lines.join("\n"),
    );
    const agent = agents.follow(taken.process);
    agent.say("who");
    expect((await agent.next("turn_end")).text).toContain(`sessions/${taken.folderId}`);
    const next = await eventually(
      () => warm.take(kind),
      () => agents.log.lines.join("\n"),
    );
    expect(next.folderId).not.toBe(taken.folderId);
    await agents.follow(next.process).process.stop(1_000);
    expect(agents.living()).toEqual([taken.process.identity?.pid]);
  });

  it("is seen by the sweep, and is gone with its folder after a close", async () => {
    warm.open();
    await eventually(
      () => agents.living().length === 1,
      () => agents.log.lines.join("\n"),
    );
    await warm.close();
    expect(agents.living()).toEqual([]);
    expect(readdirSync(agents.sessionsRoot)).toEqual([]);
  });
});
