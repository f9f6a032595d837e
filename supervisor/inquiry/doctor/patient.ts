import type { Clock } from "../../../shared/clock.ts";
import type { TelegramAccess } from "../../../shared/config/bot-settings.ts";
import { type Environment, readEnvironment } from "../../../shared/config/environment.ts";
import {
  type FleetConfig,
  loadFleetConfig,
  stateDirOf,
} from "../../../shared/config/fleet-config.ts";
import { resolveAccess } from "../../../shared/config/telegram-access.ts";
import {
  ConfigurationError,
  errorMessage,
  OperationError,
  OperatorError,
} from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { redact } from "../../../shared/redact.ts";
import { askPicture, NoSupervisorError } from "../../control/client.ts";
import type { Patient } from "./finding.ts";

/** Whoever is well answers within a moment; one that is suspended never does. */
const answerWithinMs = 5_000;

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
  const config = knownConfig(environment, workingDir);
  const [access, fleet] = await Promise.all([
    config === undefined ? unasked : askFor(() => accessOf(config, log), ConfigurationError),
    askFor(() => askPicture(stateDir), NoSupervisorError),
  ]);
  return {
    environment,
    workingDir,
    stateDir,
    config,
    access: access.value,
    accessTrouble: access.trouble,
    fleet: fleet.value,
    fleetTrouble: fleet.trouble,
    clock,
    log,
  };
}

function knownConfig(environment: Environment, workingDir: string): FleetConfig | undefined {
  try {
    return loadFleetConfig(environment, workingDir);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

/** A sandbox lives in a process that may be suspended. */
async function accessOf(config: FleetConfig, log: Log): Promise<TelegramAccess> {
  const signal = AbortSignal.timeout(answerWithinMs);
  try {
    return await resolveAccess(config, log, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new OperationError(
      `The sandbox of ${config.stateDir} does not answer within ${answerWithinMs / 1_000} s: the process that it runs in hangs or is suspended.`,
      { cause: error },
    );
  }
}

interface Asked<Value> {
  /** Undefined where there is none, or with a trouble. */
  readonly value?: Value;
  /** It is there, but does not tell: why. */
  readonly trouble?: string;
}

const unasked: Asked<never> = {};

/** @param absent the error that says that there is none; every other one is a trouble to tell */
async function askFor<Value>(
  ask: () => Promise<Value>,
  absent: abstract new (message: string) => Error,
): Promise<Asked<Value>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return error instanceof absent ? {} : { trouble: redact(errorMessage(error)) };
  }
}
