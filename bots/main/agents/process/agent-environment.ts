import {
  holdsToken,
  inheritedEnvironment,
  isWithheld,
} from "../../../../shared/process/start/inherited-environment.ts";

/**
 * The whole environment of an agent. NODE_OPTIONS is not inherited: what holds for a bot does not hold for an agent that
 * happens to run on Node.
 * @param additions what the operator gives it, by name
 * @param own what the driver and the sweep need; wins
 */
export function agentEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  additions: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment = inheritedEnvironment(parent);
  for (const [name, value] of Object.entries(additions))
    if (!isWithheld(name) && !holdsToken(value)) environment[name] = value;
  return Object.assign(environment, own);
}
