import type { Clock } from "../../../shared/clock.ts";
import type { TelegramAccess } from "../../../shared/config/bot-settings.ts";
import type { Environment } from "../../../shared/config/environment.ts";
import type { FleetConfig } from "../../../shared/config/fleet-config.ts";
import type { Log } from "../../../shared/logger.ts";
import type { FleetPicture } from "../../control/contract/picture.ts";

/** What a check found, in one or two plain sentences. */
export interface Finding {
  readonly check: string;
  /** `warn`: it works, but look at it. `fail`: something does not work. */
  readonly level: "ok" | "warn" | "fail";
  readonly text: string;
  /** What `--fix` does about it; absent where a person has to. */
  readonly fix?: { readonly text: string; readonly run: () => Promise<void> };
}

/** What the checks look at. */
export interface Patient {
  readonly environment: Environment;
  readonly workingDir: string;
  readonly stateDir: string;
  /** Undefined where fleet.yaml or a token's form is wrong, which is a finding of its own. */
  readonly config: FleetConfig | undefined;
  /** Undefined where there are no tokens and no sandbox runs. */
  readonly access: TelegramAccess | undefined;
  /** Why a sandbox that runs does not tell its bots; undefined with `access`, and where none runs. */
  readonly accessTrouble: string | undefined;
  /** Of the supervisor that runs; undefined where none does. */
  readonly fleet: FleetPicture | undefined;
  /** Why a supervisor that is there does not tell of its fleet; undefined with `fleet`, and where none runs. */
  readonly fleetTrouble: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export type Check = (patient: Patient) => Finding[] | Promise<Finding[]>;
