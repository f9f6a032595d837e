import type { LogLevel } from "../logger.ts";

/**
 * Everything a bot process needs to know, filled: nothing is optional that is not truly absent. Made by the
 * supervisor (or by a standalone start) from fleet.yaml and the environment.
 */
export interface BotSettings {
  /** Folder = config key = log label. */
  readonly name: string;
  readonly role: "main" | "auxiliary";
  /** The numeric id of the token: names locks, logs and folders, so that the token never does. */
  readonly botId: number;
  /** The bot id of the fleet's main token; equal to `botId` for main and for bots that share its token. */
  readonly mainBotId: number;
  readonly apiRoot: string;
  readonly stateDir: string;
  readonly lockDir: string;
  readonly logLevel: LogLevel;
  /** The named lock is held by somebody who started us (`SKIP_TELEGRAM_LOCK=1`). The poll guard never is. */
  readonly skipNamedLock: boolean;
  /** What to do with a webhook found at the start. */
  readonly webhook: "delete" | "keep";
  /** Seconds a getUpdates may park at Telegram (0..50). */
  readonly pollTimeoutSeconds: number;
  /** Chats and users on the allowlist; "sandbox" lets the sandbox's own user in. */
  readonly allowedUsers: readonly number[];
  /** The bot's own section of fleet.yaml, checked by the bot itself. */
  readonly options: Readonly<Record<string, unknown>>;
}
