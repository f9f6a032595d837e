import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { claudeArguments, refuseFlags } from "../claude/claude-arguments.ts";
import type { AgentDriver, AgentProcess, AgentStart } from "../port.ts";
import { agentEnvironment } from "../process/agent-environment.ts";
import type { AgentSettings } from "../settings/agent-settings.ts";
import { StreamJsonAgent, type StreamJsonDeps } from "../stream-json/stream-json-agent.ts";

const builtProgram = fileURLToPath(
  new URL(`./program/demo-agent${extname(import.meta.url)}`, import.meta.url),
);

export interface DemoDriverOptions extends StreamJsonDeps {
  readonly settings: AgentSettings;
  /** The bot's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default: the demo agent as it was built. */
  readonly program?: string;
}

/** The agent that comes with us: no account, no network, a real process that speaks Claude's language. */
export class DemoDriver implements AgentDriver {
  readonly kind = "demo";
  private readonly options: DemoDriverOptions;

  constructor(options: DemoDriverOptions) {
    this.options = options;
  }

  missing(): undefined {
    return undefined;
  }

  start(start: AgentStart): AgentProcess {
    const { settings, environment, program = builtProgram } = this.options;
    const model = start.model ?? settings.model;
    const wanted = { ...start, ...(model === undefined ? {} : { model }) };
    return new StreamJsonAgent(
      {
        program: {
          file: process.execPath,
          args: [program, ...claudeArguments(wanted, settings.permissionMode)],
          folder: start.folder,
          environment: agentEnvironment(environment, settings.environment, start.environment),
          refusal: refuseFlags(wanted),
        },
        systemPrompt: start.systemPrompt,
        resumes: start.resume !== undefined,
      },
      this.options,
    );
  }
}
