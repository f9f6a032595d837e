import type { Clock } from "../../../shared/clock.ts";
import { ConfigurationError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { ClaudeDriver } from "./claude/claude-driver.ts";
import { DemoDriver } from "./demo/demo-driver.ts";
import type { AgentDriver } from "./port.ts";
import { StartGate } from "./process/start-gate.ts";
import { type AgentSettings, fillAgent } from "./settings/agent-settings.ts";
import { type Persona, readPersonas } from "./settings/personas.ts";
import { readAgentOptions } from "./settings/read-agent-options.ts";
import { IgnoredLines } from "./stream-json/ignored-lines.ts";

interface AgentInfo {
  readonly name: string;
  /** `claude`, `demo`. */
  readonly driver: string;
  /** Undefined: the agent's own default. */
  readonly model: string | undefined;
  /** What a person must install or mend first; undefined when nothing. Looked at now. */
  readonly missing: string | undefined;
  /** What it said that we did not understand, by kind: a new version of it shows itself here. */
  readonly ignoredLines: Readonly<Record<string, number>>;
}

/** The agents and personas that sessions can be made of. */
export interface AgentCatalogue {
  list(): readonly AgentInfo[];
  /** @returns undefined where there is no agent of this name */
  driver(name: string): AgentDriver | undefined;
  /** The model that an agent is configured with; undefined: its own default, or no such agent. */
  modelOf(agent: string): string | undefined;
  readonly defaultAgent: string;
  /** At least `default`. */
  personas(): readonly string[];
  persona(name: string): Persona | undefined;
  readonly prewarm: { readonly enabled: boolean; readonly minFreeMb: number };
}

export interface CatalogueOptions {
  /** Main's `options` of fleet.yaml. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly personasFolder: string;
  /** The bot's own; agents get the harmless part of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether there is no real Telegram: then the demo agent is there unasked, and is the default. */
  readonly sandbox: boolean;
  readonly isRoot?: boolean;
  /** Tests and benchmarks: the demo agent as a program. */
  readonly demoProgram?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** @throws ConfigurationError naming file and key of what cannot be used */
export function openAgentCatalogue(options: CatalogueOptions): AgentCatalogue {
  const chosen = readAgentOptions(options.options);
  const personas = readPersonas(options.personasFolder);
  const gate = new StartGate();
  const configured = Object.entries(chosen.agents).map(([name, entry]) =>
    fillAgent(name, entry, options.environment),
  );
  const agents = new Map(
    (configured.length > 0 ? configured : unconfigured(options)).map((settings) => {
      const ignored = new IgnoredLines();
      return [
        settings.name,
        { settings, ignored, driver: driverOf(settings, ignored, gate, options) },
      ];
    }),
  );
  const defaultAgent = chosen.default_agent ?? [...agents.keys()][0] ?? "";
  if (!agents.has(defaultAgent))
    throw new ConfigurationError(
      `fleet.yaml: bots.main.options.default_agent: there is no agent "${defaultAgent}", only ` +
        `${[...agents.keys()].join(", ")}.\nCorrect fleet.yaml, then try again.`,
    );
  return {
    list: () =>
      [...agents.values()].map(({ settings, driver, ignored }) => ({
        name: settings.name,
        driver: driver.kind,
        model: settings.model,
        missing: driver.missing(),
        ignoredLines: ignored.counts,
      })),
    driver: (name) => agents.get(name)?.driver,
    modelOf: (name) => agents.get(name)?.settings.model,
    defaultAgent,
    personas: () => [...personas.keys()],
    persona: (name) => personas.get(name),
    prewarm: { enabled: chosen.prewarm.enabled, minFreeMb: chosen.prewarm.min_free_mb },
  };
}

/**
 * Without a word in fleet.yaml: Claude, with what is missing told where it is not found. In the sandbox the demo agent
 * alone: nobody's account pays for trying out. Outside of it nobody gets a demo in place of an agent.
 */
function unconfigured({ sandbox, environment }: CatalogueOptions): readonly AgentSettings[] {
  return [fillAgent(sandbox ? "demo" : "claude", null, environment)];
}

function driverOf(
  settings: AgentSettings,
  ignored: IgnoredLines,
  gate: StartGate,
  options: CatalogueOptions,
): AgentDriver {
  const { environment, clock, log, isRoot = process.getuid?.() === 0, demoProgram } = options;
  const common = { settings, environment, ignored, gate, clock, log };
  if (settings.driver === "claude") return new ClaudeDriver({ ...common, isRoot });
  return new DemoDriver({
    ...common,
    ...(demoProgram === undefined ? {} : { program: demoProgram }),
  });
}
