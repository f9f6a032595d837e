import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { errorMessage } from "../../../shared/errors.ts";
import { redact } from "../../../shared/redact.ts";
import type { AgentCatalogue } from "../agents/catalogue.ts";
import type { AgentProcess } from "../agents/port.ts";
import { type AgentHome, agentMarkEnvironment } from "../agents/process/agent-mark.ts";
import type { WarmAgent } from "../agents/warm/warm-agent.ts";
import type { AgentPlace, AgentProfile, SessionAgents } from "../sessions/ports.ts";
import { AbsentAgent } from "./absent-agent.ts";

export interface AgentSourceParts {
  readonly catalogue: AgentCatalogue;
  readonly home: AgentHome;
  /** Every session's folder is in it, named by id. */
  readonly folders: string;
  readonly newProcessId: () => string;
  /** Undefined where none is kept prepared. */
  readonly warm: WarmAgent | undefined;
}

/** The configured agents, as sessions want them. */
export class AgentSource implements SessionAgents {
  private readonly parts: AgentSourceParts;

  constructor(parts: AgentSourceParts) {
    this.parts = parts;
  }

  get defaultAgent(): string {
    return this.parts.catalogue.defaultAgent;
  }

  get defaultPersona(): string {
    return "default";
  }

  get agentNames(): readonly string[] {
    return this.parts.catalogue.list().map(({ name }) => name);
  }

  get personaNames(): readonly string[] {
    return this.parts.catalogue.personas();
  }

  missing({ agent, persona }: AgentProfile): string | undefined {
    const { catalogue } = this.parts;
    const driver = catalogue.driver(agent);
    if (driver === undefined) return notConfigured(agent);
    return catalogue.persona(persona) === undefined ? noPersona(persona) : driver.missing();
  }

  start(profile: AgentProfile, place: AgentPlace): AgentProcess {
    try {
      return this.started(profile, place);
    } catch (error) {
      // Nobody asked the program yet: its folder could not be made, or the system starts nothing.
      return new AbsentAgent(redact(errorMessage(error)));
    }
  }

  take({ agent, persona, model }: AgentProfile) {
    const wanted = model ?? this.parts.catalogue.persona(persona)?.model;
    return this.parts.warm?.take({ agent, persona, model: wanted });
  }

  private started({ agent, persona, model }: AgentProfile, place: AgentPlace): AgentProcess {
    const { catalogue, home, folders, newProcessId } = this.parts;
    const driver = catalogue.driver(agent);
    if (driver === undefined) return new AbsentAgent(notConfigured(agent));
    const chosen = catalogue.persona(persona);
    // Another one might do what this one must not.
    if (chosen === undefined) return new AbsentAgent(noPersona(persona));
    const folder = join(folders, place.folderId);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const wanted = model ?? chosen.model;
    return driver.start({
      folder,
      ...(place.resume === undefined ? {} : { resume: place.resume }),
      ...(wanted === undefined ? {} : { model: wanted }),
      systemPrompt: chosen.systemPrompt,
      environment: agentMarkEnvironment(home, {
        session: place.sessionId,
        process: newProcessId(),
      }),
    });
  }
}

function notConfigured(agent: string): string {
  return `fleet.yaml does not name the agent "${agent}" any more. Add it under bots.main.options.agents, or /archive this session.`;
}

function noPersona(persona: string): string {
  return `There is no persona "${persona}" any more. Put its file back and restart the bot, or /archive this session.`;
}
