import { findProgram } from "../../../../shared/process/start/program.ts";
import type { AgentDriver, AgentProcess, AgentStart } from "../port.ts";
import { agentEnvironment } from "../process/agent-environment.ts";
import { askVersion } from "../process/agent-version.ts";
import type { AgentSettings } from "../settings/agent-settings.ts";
import { StreamJsonAgent, type StreamJsonDeps } from "../stream-json/stream-json-agent.ts";
import { claudeArguments, refuseFlags } from "./claude-arguments.ts";

/**
 * An update in the midst of a turn, or telemetry of a server's bots, is nobody's wish; the state events end what looks
 * like a turn and has no result. Settings may say otherwise.
 */
const defaults: Readonly<Record<string, string>> = {
  DISABLE_AUTOUPDATER: "1",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: "1",
};

/** A program on Node answers within half a second; a loaded machine takes some of them. */
const versionWithinMs = 3_000;

export interface ClaudeDriverOptions extends StreamJsonDeps {
  readonly settings: AgentSettings;
  /** The bot's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether this process is root's; the CLI refuses to skip permissions then. */
  readonly isRoot: boolean;
}

/** Claude Code as it stands on the PATH: never installed, never updated by us. */
export class ClaudeDriver implements AgentDriver {
  readonly kind = "claude";
  private readonly options: ClaudeDriverOptions;

  constructor(options: ClaudeDriverOptions) {
    this.options = options;
  }

  missing(): string | undefined {
    const { settings, isRoot } = this.options;
    if (this.locate() === undefined)
      return settings.command.includes("/")
        ? `${settings.command} does not exist or is not executable. Correct the command of agent "${settings.name}" in fleet.yaml.`
        : `The program "${settings.command}" is not on the PATH. Install Claude Code (npm install -g @anthropic-ai/claude-code), run it once to log in, then start this bot again.`;
    const isSandboxed = this.environmentFor({})["IS_SANDBOX"] === "1";
    if (settings.permissionMode === "skip" && isRoot && !isSandboxed)
      return (
        `Agent "${settings.name}" is set to skip permissions, which Claude Code refuses as root. Run the bot as another ` +
        "user, or set permission_mode to accept_edits; in a container that may break, set IS_SANDBOX to 1 in the " +
        "agent's environment."
      );
    return undefined;
  }

  async examine() {
    const { settings, clock } = this.options;
    const file = this.locate() ?? settings.command;
    const environment = this.environmentFor({});
    const version = await askVersion({ file, environment, withinMs: versionWithinMs, clock });
    return { file, version };
  }

  start(start: AgentStart): AgentProcess {
    const { settings } = this.options;
    const model = start.model ?? settings.model;
    const wanted = { ...start, ...(model === undefined ? {} : { model }) };
    return new StreamJsonAgent(
      {
        program: {
          // Not found: the child says so, with the name.
          file: this.locate() ?? settings.command,
          args: claudeArguments(wanted, settings.permissionMode),
          folder: start.folder,
          environment: this.environmentFor(start.environment),
          refusal: this.missing() ?? refuseFlags(wanted),
        },
        systemPrompt: start.systemPrompt,
        resumes: start.resume !== undefined,
      },
      this.options,
    );
  }

  /** Looked for anew each time: it may have been installed since. */
  private locate(): string | undefined {
    const { settings, environment } = this.options;
    if (settings.command.includes("/")) return findProgram(settings.command, "/");
    return findProgram(settings.command, settings.environment["PATH"] ?? environment["PATH"] ?? "");
  }

  private environmentFor(own: Readonly<Record<string, string>>): Record<string, string> {
    const { settings, environment } = this.options;
    return agentEnvironment(environment, { ...defaults, ...settings.environment }, own);
  }
}
