// Agents: what a first answer waits for with and without a prepared process, a resume, memory, many at once.
// The agent is the demo agent: what is measured is ours, and nobody's account pays for it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAgentCatalogue } from "../dist/bots/main/agents/catalogue.js";
import { agentMarkEnvironment } from "../dist/bots/main/agents/process/agent-mark.js";
import { WarmAgent } from "../dist/bots/main/agents/warm/warm-agent.js";
import { systemClock } from "../dist/shared/clock.js";
import { createLog } from "../dist/shared/logger.js";
import { median, percentile, printTable } from "./figures.mjs";

/** What Claude Code 2.1.328 needs from its spawn to its answer to `initialize`, over a bare Node's start. */
const claudeStartMs = 200;
const log = createLog({ label: "bench", level: "warn" });
const kind = { agent: "demo", persona: "default", model: undefined };

class Stage {
  dir = mkdtempSync(join(tmpdir(), "bench-agents-"));
  #folders = 0;

  driver(startMs) {
    const environment = { DEMO_AGENT_WORD_MS: 0, DEMO_AGENT_START_MS: startMs };
    return openAgentCatalogue({
      options: { agents: { demo: { environment } } },
      personasFolder: this.dir,
      environment: { PATH: process.env.PATH },
      sandbox: true,
      clock: systemClock,
      log,
    }).driver("demo");
  }

  newFolderId = () => `session-${(this.#folders += 1)}`;
  mark = (session) =>
    agentMarkEnvironment({ fleet: this.dir, bot: "main" }, { session, process: "1" });

  place(session = this.newFolderId()) {
    const folder = join(this.dir, session);
    mkdirSync(folder, { recursive: true });
    return { folder, environment: this.mark(session) };
  }
}

/** Milliseconds from here to the first words of the answer, and the turn's end awaited. */
async function answered(agent, text = "who") {
  const begunMs = performance.now();
  let firstMs;
  const ended = new Promise((resolve, reject) => {
    const leave = agent.subscribe((event) => {
      if (event.kind === "partial") firstMs ??= performance.now() - begunMs;
      if (event.kind === "exit") reject(new Error(`the agent ended: ${event.detail}`));
      if (event.kind !== "turn_end") return;
      leave();
      resolve();
    });
  });
  agent.send({ text, images: [] });
  await ended;
  return firstMs;
}

async function timed(start) {
  const begunMs = performance.now();
  const agent = start();
  const startMs = performance.now() - begunMs;
  const ms = startMs + (await answered(agent));
  return { agent, ms };
}

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

async function resumes(stage, driver, rounds) {
  const times = [];
  const place = stage.place();
  const first = driver.start(place);
  let id;
  first.subscribe((event) => {
    if (event.kind === "resume_id") id = event.resumeId;
  });
  await answered(first);
  await first.stop(2_000);
  for (let round = 0; round < rounds; round += 1) {
    const { agent, ms } = await timed(() => driver.start({ ...place, resume: { id } }));
    times.push(ms);
    await agent.stop(2_000);
  }
  return times;
}

function residentMb(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function crowd(stage, driver, count) {
  const begunMs = performance.now();
  const agents = Array.from({ length: count }, () => driver.start(stage.place()));
  const times = await Promise.all(
    agents.map(async (agent) => {
      await answered(agent);
      return performance.now() - begunMs;
    }),
  );
  const pids = agents.map((agent) => agent.identity.pid);
  const heldMb = pids.reduce((sum, pid) => sum + residentMb(pid), 0);
  const stoppingMs = performance.now();
  await Promise.all(agents.map((agent) => agent.stop(5_000)));
  const stopMs = performance.now() - stoppingMs;
  const leftMb = pids.reduce((sum, pid) => sum + residentMb(pid), 0);
  return { times, heldMb, leftMb, stopMs };
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
      row(`${name}: resume and answer`, await resumes(stage, driver, rounds));
    }
    printTable("First words of an answer, in ms", ["", "median", "p90", "longest"], rows);
    const { times, heldMb, leftMb, stopMs } = await crowd(stage, stage.driver(0), 20);
    printTable(
      "20 at once",
      ["", ""],
      [
        ["first answer after, ms", Math.min(...times).toFixed(0)],
        ["last answer after, ms", Math.max(...times).toFixed(0)],
        ["all stopped and swept after, ms", stopMs.toFixed(0)],
        ["memory held, MB", heldMb.toFixed(0)],
        ["memory held after the stop, MB", leftMb.toFixed(0)],
      ],
    );
  } finally {
    rmSync(stage.dir, { recursive: true, force: true });
  }
}
