import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAgentCatalogue } from "../../../bots/main/agents/catalogue.ts";
import type { AgentEvent, AgentProcess, AgentStart } from "../../../bots/main/agents/port.ts";
import { agentMarkEnvironment, isAgentOf } from "../../../bots/main/agents/process/agent-mark.ts";
import { systemClock } from "../../../shared/clock.ts";
import { findMarked } from "../../../shared/process/marker.ts";
import { processesWith } from "../../support/proc.ts";
import { eventually, repositoryRoot } from "../../support/program.ts";
import { recordingLog } from "../../support/recording-log.ts";

type Kind = AgentEvent["kind"];
type EventOf<K extends Kind> = Extract<AgentEvent, { kind: K }>;

/** A real process and everything it told. */
export class RealAgent {
  readonly events: AgentEvent[] = [];
  readonly process: AgentProcess;
  private taken = 0;

  constructor(process: AgentProcess) {
    this.process = process;
    process.subscribe((event) => this.events.push(event));
  }

  say(text: string): void {
    this.process.send({ text, images: [] });
  }

  /** The next event of this kind behind the last one that was asked for. */
  async next<K extends Kind>(kind: K, withinMs = 15_000): Promise<EventOf<K>> {
    const at = await eventually(
      () => {
        const index = this.events.findIndex((event, i) => i >= this.taken && event.kind === kind);
        return index < 0 ? undefined : { index };
      },
      () => `${kind}; told: ${JSON.stringify(this.events).slice(0, 2_000)}`,
      withinMs,
    );
    this.taken = at.index + 1;
    return this.events[at.index] as EventOf<K>;
  }

  kinds(): Kind[] {
    return this.events.map(({ kind }) => kind);
  }
}

/** Agents of a bot that exists for one test: in a folder of its own, nothing of this machine's environment in them. */
export class RealAgents {
  readonly dir = mkdtempSync(join(tmpdir(), "real-agents-"));
  readonly log = recordingLog();
  readonly home = { fleet: `fleet-${process.pid}-${this.dir.slice(-6)}`, bot: "main" };
  readonly sessionsRoot = join(this.dir, "sessions");
  private readonly agents: RealAgent[] = [];
  private count = 0;

  /** An agent of test/fixtures/agents, driven as Claude is, or with "demo" the demo agent. */
  driver(name: string, environment: Record<string, string> = {}) {
    const command = join(repositoryRoot, "test/fixtures/agents", `${name}.mjs`);
    const agent =
      name === "demo"
        ? { driver: "demo", environment: { DEMO_AGENT_WORD_MS: 0, ...environment } }
        : { driver: "claude", command, environment };
    const driver = openAgentCatalogue({
      options: { agents: { one: agent } },
      personasFolder: join(this.dir, "personas"),
      environment: { PATH: process.env["PATH"], HOME: this.dir },
      sandbox: false,
      isRoot: false,
      demoProgram: join(repositoryRoot, "dist/bots/main/agents/demo/program/demo-agent.js"),
      clock: systemClock,
      log: this.log,
    }).driver("one");
    if (driver === undefined) throw new Error("must be there");
    return driver;
  }

  start(
    name: string,
    more: Partial<AgentStart> = {},
    environment: Record<string, string> = {},
  ): RealAgent {
    return this.follow(this.driver(name, environment).start({ ...this.place(), ...more }));
  }

  /** A folder, and the mark of a session that nobody else has. */
  place(session = `s${(this.count += 1)}`): Pick<AgentStart, "folder" | "environment"> {
    const folder = join(this.sessionsRoot, session);
    mkdirSync(folder, { recursive: true });
    return { folder, environment: this.mark(session) };
  }

  mark(session: string): Readonly<Record<string, string>> {
    return agentMarkEnvironment(this.home, { session, process: "1" });
  }

  follow(process: AgentProcess): RealAgent {
    const agent = new RealAgent(process);
    this.agents.push(agent);
    return agent;
  }

  /** Agents and tools that live, by two ways of looking. */
  living(): number[] {
    const marked = findMarked(isAgentOf(this.home)).map(({ identity }) => identity.pid);
    return [...new Set([...marked, ...processesWith(this.home.fleet)])];
  }

  /** So many live; a process that is about to become a tool has no mark for a moment. */
  async alive(count: number): Promise<void> {
    await eventually(
      () => this.living().length === count,
      () => `${count} agents and tools; alive: ${this.living().join(", ")}`,
    );
  }

  /** Ends what a failed test left. */
  async remove(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.process.stop(0)));
    for (const pid of this.living()) process.kill(pid, "SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }
}
