import type { Clock } from "../../shared/clock.ts";
import type { TelegramAccess } from "../../shared/config/bot-settings.ts";
import type { FleetConfig } from "../../shared/config/fleet-config.ts";
import type { Log } from "../../shared/logger.ts";
import type { StopSwitch } from "../../shared/stop-switch.ts";
import type { TokenLock } from "./handover/token-lock.ts";

/** What the parts of one run of the supervisor are made of. */
export interface Supervision {
  readonly config: FleetConfig;
  readonly clock: Clock;
  readonly stop: StopSwitch;
  /** Aborts when a person asks a second time: everything is ended at once. */
  readonly force: AbortSignal;
  /** What a hang-up of a supervisor without a terminal does; set while there is a fleet. */
  readonly hangup: { onHangup: (() => void) | undefined };
  /** Where the configuration came from, for the next reading. */
  readonly env: NodeJS.ProcessEnv;
  readonly workingDir: string;
  readonly log: Log;
  /** For what a bot's process prints besides its own log lines. */
  readonly logFor: (label: string) => Log;
}

/** A run that knows its tokens and where Telegram is. */
export interface ConnectedSupervision extends Supervision {
  readonly access: TelegramAccess;
  /** Main's. */
  readonly lock: TokenLock;
}
