import { inheritedEnvironment } from "../../../shared/process/start/inherited-environment.ts";

/** Memory limits and the like of a machine are set here; they hold for the bots as for us. */
const ofBots = ["NODE_ENV", "NODE_OPTIONS", "NODE_USE_ENV_PROXY"];

/** The whole environment of a bot. Later ones of `given` win. */
export function childEnvironment(
  parent: NodeJS.ProcessEnv,
  ...given: readonly Readonly<Record<string, string>>[]
): Record<string, string> {
  const environment = inheritedEnvironment(parent, ofBots);
  for (const variables of given) Object.assign(environment, variables);
  return environment;
}
