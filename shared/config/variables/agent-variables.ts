import { isFields } from "../../fields.ts";
import { holdsToken, isWithheld } from "../../process/start/inherited-environment.ts";

/**
 * Main's options with the values of the variables that its agents' `environment` names without one: the bot itself does
 * not have them, its environment is an allowlist. Bot tokens are never among them.
 */
export function fillAgentVariables(
  options: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const { agents } = options;
  if (!isFields(agents)) return options;
  const filled = Object.entries(agents).map(([name, agent]) => {
    if (!isFields(agent) || !isFields(agent["environment"])) return [name, agent];
    const environment = Object.entries(agent["environment"]).map(([variable, value]) => [
      variable,
      value ?? ownValue(variable, variables),
    ]);
    return [name, { ...agent, environment: Object.fromEntries(environment) }];
  });
  return { ...options, agents: Object.fromEntries(filled) };
}

/** Null where it is not set, or not for agents. */
function ownValue(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): string | null {
  const value = variables[name];
  return value === undefined || isWithheld(name) || holdsToken(value) ? null : value;
}
