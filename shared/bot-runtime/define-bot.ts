import type { FleetStatus } from "../contract/fleet-status.ts";
import type { HandlingContext } from "../dispatch/handling.ts";
import type { Log } from "../logger.ts";
import type { Outbox } from "../outbound/outbox/outbox.ts";
import type { Bot, Context, UpdateType } from "../telegram/bot-api.ts";
import type { RuntimeStatus } from "./runtime-status.ts";

export interface BotCommand {
  /** Without the slash. */
  readonly command: string;
  readonly description: string;
  /** Overtakes the messages of its conversation that wait or run, like a stop must. Default: no. */
  readonly urgent?: boolean;
}

/** What a bot gets to build itself with. It writes no process, lock or retry code. */
export interface BotContext {
  /**
   * node-telegram-bot-api's Bot, for its middleware and handlers. Handlers send by their `ctx` (`ctx.reply`, `ctx.api`):
   * an update that is handled again after a crash then sends the same message once. `bot.api` is for what no update caused.
   */
  readonly bot: Bot;
  /**
   * Answers an update in Markdown: rendered, split, in the form that suits text, server and chat. Resolves when the
   * answer is written down and so survives a crash.
   */
  readonly answer: (ctx: Context, markdown: string) => Promise<void>;
  /** The one door to Telegram: for answers that must survive a crash, for progress, for live text. */
  readonly outbox: Outbox;
  /** The bot's `options` of fleet.yaml, unchecked: the bot checks them. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly log: Log;
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal;
  /** How an update is being handled: the number of the attempt, and the way to record it as handled before the end. */
  readonly handlingOf: (ctx: Context) => HandlingContext;
  /** Asks the supervisor to restart a bot of the fleet, for a user; false where there is none to ask. */
  readonly askForRestart: (bot: string, userId: number) => boolean;
  readonly status: () => RuntimeStatus;
  /** The fleet as its supervisor last wrote it down; undefined where none ever ran on this state directory. */
  readonly fleet: () => Promise<FleetStatus | undefined>;
}

export interface BotDefinition {
  /** Equal to the name of the folder. */
  readonly name: string;
  /** First line of `/start`: what the bot is, in one sentence. */
  readonly description: string;
  /** `open`: answers everybody. `allowlist`: nobody but the allowed users. */
  readonly access: "open" | "allowlist";
  /** Asked of Telegram explicitly at every start; other kinds of update never arrive. */
  readonly allowedUpdates: readonly UpdateType[];
  /** Its own commands. `/start`, `/help` and `/status` come with the runtime. */
  readonly commands?: readonly BotCommand[];
  /** How long its ordered stop may take, in milliseconds. Design section 7: 5 s for an auxiliary bot, 15 s for main. */
  readonly stopDeadlineMs?: number;
  /** How many conversations it works on at once, each in its own order. Default: 32. */
  readonly conversationsAtOnce?: number;
  setup(context: BotContext): void | Promise<void>;
}

/** Design section 7: an auxiliary bot has 5 s for its ordered stop. */
export const defaultStopDeadlineMs = 5_000;

/** Says what a bot is; the runtime does the rest for every bot alike. */
export function defineBot(definition: BotDefinition): BotDefinition {
  return definition;
}

/** Tells a definition from whatever else a bot's file exports. */
export function isBotDefinition(value: unknown): value is BotDefinition {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    "setup" in value &&
    "allowedUpdates" in value
  );
}
