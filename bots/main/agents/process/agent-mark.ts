import { identifySelf } from "../../../../shared/process/identity.ts";
import {
  formatMark,
  type Mark,
  type MarkedAgent,
  type MarkPredicate,
  markVariable,
  parseMark,
} from "../../../../shared/process/marker.ts";

/** The bot that starts agents. */
export interface AgentHome {
  /** From `fleetId()`. */
  readonly fleet: string;
  readonly bot: string;
}

/**
 * The variable that marks an agent and all it starts. The owner is the bot's own (its supervisor), so that the sweep
 * after the bot's end finds them; of a bot that runs alone it is the bot.
 */
export function agentMarkEnvironment(
  home: AgentHome,
  agent: MarkedAgent,
  own: string | undefined = process.env[markVariable],
): Readonly<Record<string, string>> {
  const mark = parseMark(own ?? "");
  // A bot that was started by an agent of another one carries that one's mark, which is not its own.
  const isOwn =
    mark !== undefined &&
    mark.fleet === home.fleet &&
    mark.bot === home.bot &&
    mark.agent === undefined;
  const owner = isOwn ? mark.owner : identifySelf();
  return { [markVariable]: formatMark({ ...home, owner, agent }) };
}

/** Every agent and tool of this bot, of this life of it and of earlier ones. */
export function isAgentOf(home: AgentHome): MarkPredicate {
  return (mark) => mark.agent !== undefined && mark.fleet === home.fleet && mark.bot === home.bot;
}

/** One agent and its tools, by its environment; nobody where there is no mark in it. */
export function hasMarkOf(environment: Readonly<Record<string, string>>): MarkPredicate {
  const text = environment[markVariable];
  return (mark: Mark) => formatMark(mark) === text;
}
