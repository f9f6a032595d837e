// Agents: what a first answer waits for with and without a prepared process, a resume, memory, many at once.
// The agent is the demo agent: what is measured is ours, and nobody's account pays for it.
import { rmSync } from "node:fs";
import { WarmAgent } from "../dist/bots/main/agents/warm/warm-agent.js";
import { systemClock } from "../dist/shared/clock.js";
import { benchCrowd, benchResuming } from "./agents/resuming.mjs";
import { log, Stage, timed } from "./agents/stage.mjs";
import { median, percentile, printTable } from "./figures.mjs";

/** What Claude Code 2.1.328 needs from its spawn to its answer to `initialize`, over a bare Node's start. */
const claudeStartMs = 200;
const kind = { agent: "demo", persona: "default", model: undefined };

async function coldAnswers(stage, driver, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const { agent, ms } = await timed(() => driver.start(stage.place()));
    times.push(ms);
    await agent.stop(2_000);
  }
  return times;
}

async function warmAnswers(stage, driver, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const warm = new WarmAgent({
      kind,
      driver,
      systemPrompt: undefined,
      sessionsRoot: stage.dir,
      newFolderId: stage.newFolderId,
      environmentFor: stage.mark,
      minFreeMb: 0,
      clock: systemClock,
      random: Math.random,
      log,
    });
    warm.open();
    await systemClock.sleep(1_000);
    const { agent, ms } = await timed(() => warm.take(kind).process);
    times.push(ms);
    await warm.close();
    await agent.stop(2_000);
  }
  return times;
}

export async function benchAgents({ rounds }) {
  const stage = new Stage();
  try {
    const rows = [];
    const row = (name, times) =>
      rows.push([
        name,
        ...[median(times), percentile(times, 0.9), Math.max(...times)].map((ms) => ms.toFixed(0)),
      ]);
    for (const [name, startMs] of [
      ["demo agent", 0],
      ["starting as Claude does", claudeStartMs],
    ]) {
      const driver = stage.driver(startMs);
      row(`${name}: start and answer`, await coldAnswers(stage, driver, rounds));
      row(`${name}: prepared`, await warmAnswers(stage, driver, rounds));
    }
    printTable("First words of an answer, in ms", ["", "median", "p90", "longest"], rows);
    await benchResuming(stage, stage.driver(0), rounds);
    await benchCrowd(stage, stage.driver(0), 20);
  } finally {
    rmSync(stage.dir, { recursive: true, force: true });
  }
}
