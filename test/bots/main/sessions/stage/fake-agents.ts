import type {
  AgentPlace,
  AgentProfile,
  SessionAgents,
} from "../../../../../bots/main/sessions/ports.ts";
import type { ManualClock } from "../../../../support/manual-clock.ts";
import { FakeAgent } from "./fake-agent.ts";

/** All agents that were ever started, newest last. */
export class FakeAgents implements SessionAgents {
  readonly defaultAgent = "demo";
  readonly defaultPersona = "default";
  readonly agentNames = ["demo", "claude"];
  readonly personaNames = ["default", "reviewer"];
  readonly started: FakeAgent[] = [];
  prepared: { readonly folderId: string; readonly process: FakeAgent } | undefined;
  /** Called for each new one, to set how it behaves. */
  onStart: (agent: FakeAgent) => void = () => undefined;
  missingWords: string | undefined;
  private readonly clock: ManualClock;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  missing(): string | undefined {
    return this.missingWords;
  }

  start(profile: AgentProfile, where: AgentPlace): FakeAgent {
    const agent = new FakeAgent(100_000 + this.started.length, profile, where, this.clock);
    this.started.push(agent);
    this.onStart(agent);
    return agent;
  }

  take(): { readonly folderId: string; readonly process: FakeAgent } | undefined {
    const taken = this.prepared;
    this.prepared = undefined;
    if (taken !== undefined) this.started.push(taken.process);
    return taken;
  }

  get alive(): readonly FakeAgent[] {
    return this.started.filter(({ isAlive }) => isAlive);
  }

  get last(): FakeAgent {
    const agent = this.started.at(-1);
    if (agent === undefined) throw new Error("no agent was started");
    return agent;
  }
}
