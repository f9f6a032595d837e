import type { Clock } from "../../../shared/clock.ts";
import type { TelegramAccess } from "../../../shared/config/bot-settings.ts";
import { readEnvironment } from "../../../shared/config/environment.ts";
import {
  type FleetConfig,
  loadFleetConfig,
  stateDirOf,
} from "../../../shared/config/fleet-config.ts";
import { resolveAccess } from "../../../shared/config/telegram-access.ts";
import { OperatorError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { askPicture } from "../../control/client.ts";
import type { FleetPicture } from "../../control/contract/picture.ts";
import type { Patient } from "./finding.ts";

/**
 * Reads what can be read; what is wrong with it is for the checks to tell.
 * @throws ConfigurationError for an environment that cannot be read at all
 */
export async function admit(
  env: NodeJS.ProcessEnv,
  workingDir: string,
  clock: Clock,
  log: Log,
): Promise<Patient> {
  const environment = readEnvironment(env, workingDir);
  const stateDir = stateDirOf(environment, workingDir);
  const never = new AbortController().signal;
  const config = await quietly<FleetConfig>(() => loadFleetConfig(environment, workingDir));
  const access =
    config === undefined
      ? undefined
      : await quietly<TelegramAccess>(() => resolveAccess(config, log, never));
  const fleet = await quietly<FleetPicture>(() => askPicture(stateDir));
  return { environment, workingDir, stateDir, config, access, fleet, clock, log };
}

async function quietly<Value>(read: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}
