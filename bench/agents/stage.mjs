// What the benches of agents share: demo agents in folders of their own, and how long an answer takes.
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAgentCatalogue } from "../../dist/bots/main/agents/catalogue.js";
import { agentMarkEnvironment, isAgentOf } from "../../dist/bots/main/agents/process/agent-mark.js";
import { systemClock } from "../../dist/shared/clock.js";
import { createLog } from "../../dist/shared/logger.js";
import { findMarked } from "../../dist/shared/process/marker.js";

export const log = createLog({ label: "bench", level: "warn" });

export class Stage {
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

  get home() {
    return { fleet: this.dir, bot: "main" };
  }

  mark = (session) => agentMarkEnvironment(this.home, { session, process: "1" });

  /** What all agents and tools of this stage hold at the moment. */
  residentMb() {
    return findMarked(isAgentOf(this.home))
      .map(({ identity }) => residentMb(identity.pid))
      .reduce((sum, mb) => sum + mb, 0);
  }

  place(session = this.newFolderId()) {
    const folder = join(this.dir, session);
    mkdirSync(folder, { recursive: true });
    return { folder, environment: this.mark(session) };
  }
}

/** Milliseconds from here to the first words of the answer, and the turn's end awaited. */
export async function answered(agent, text = "who") {
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

export async function timed(start) {
  const begunMs = performance.now();
  const agent = start();
  const startMs = performance.now() - begunMs;
  const ms = startMs + (await answered(agent));
  return { agent, ms };
}

function residentMb(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
