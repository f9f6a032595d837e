import type { BotFinding } from "../contract/bot-check.ts";
import type { Chronicle } from "../contract/chronicle/chronicle.ts";
import type { FleetStatus } from "../contract/fleet-status.ts";
import type { SessionsReport } from "../contract/session-report.ts";
import type { HandlingContext } from "../dispatch/handling.ts";
import type { JournalRecord } from "../intake/update-log/journal.ts";
import type { Log } from "../logger.ts";
import type { Outbox } from "../outbound/outbox/outbox.ts";
import type { Bot, Context, UpdateType } from "../telegram/bot-api.ts";
import type { TelegramFiles } from "../telegram/files/telegram-files.ts";
import type { RuntimeStatus } from "./runtime-status.ts";
import type { GoneTopics } from "./sending/gone-topics.ts";
import type { LiveTexts } from "./sending/live-texts.ts";
import type { MarkdownAnswers } from "./sending/markdown-answers.ts";
import type { DrainAction } from "./stopping/drain.ts";

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
  readonly answer: MarkdownAnswers["answer"];
  /**
   * Says something that no update asked for, once under its key, as durable as `answer`; tells the message ids when
   * Telegram has them. The keyboard stands under the last message.
   */
  readonly answerAt: MarkdownAnswers["answerAt"];
  /** Puts something else in the place of such a message, once under its key and as durable. */
  readonly editAt: MarkdownAnswers["editAt"];
  /** Takes a message away. */
  readonly deleteAt: MarkdownAnswers["deleteAt"];
  /**
   * Begins a text that grows before its reader's eyes. Its `finish` sends the final Markdown, once under its key and as
   * durable as `answer`; without it, or `discard`, typing goes on for up to 15 minutes.
   */
  readonly live: LiveTexts["start"];
  /**
   * Tells of forum topics that are closed or gone, as soon as an answer for one has gone to its chat instead, flagged. The
   * listener must not throw.
   */
  readonly onTopicGone: GoneTopics["follow"];
  /** For a bot whose work on an update goes on behind its handler: what `explain` shall know of it. */
  readonly chronicle: Pick<Chronicle, "note">;
  /** The one door to Telegram: for answers that must survive a crash, for progress, for live text. */
  readonly outbox: Outbox;
  /** The bot's `options` of fleet.yaml, unchecked: the bot checks them. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly log: Log;
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal;
  /** How an update is being handled: the number of the attempt, and the way to record it as handled before the end. */
  readonly handlingOf: (ctx: Context) => HandlingContext;
  /** What people who may use the bot have sent it and it has not handled yet, what runs included; the oldest first. */
  readonly unhandled: () => readonly Pick<JournalRecord, "update" | "updateId">[];
  /** Asks the supervisor to restart a bot of the fleet, for a user; false where there is none to ask. */
  readonly askForRestart: (bot: string, userId: number) => boolean;
  /** Tells the supervisor, where there is one, what the bot's agents work on now. */
  readonly reportSessions: (report: SessionsReport) => void;
  readonly status: () => RuntimeStatus;
  /** The fleet as its supervisor last wrote it down; undefined where none ever ran on this state directory. */
  readonly fleet: () => Promise<FleetStatus | undefined>;
  /** Names the token: update ids are unique together with it. */
  readonly botId: number;
  /** Where the fleet keeps its state; a bot keeps its own in a folder of its own there. */
  readonly stateDir: string;
  /** One id for one state directory: whose a marked process is. */
  readonly fleetId: string;
  /**
   * For the environment of every process that the bot starts: it marks them as its own, so that whoever outlives it is
   * found and ended.
   */
  readonly childMark: Readonly<Record<string, string>>;
  /** The bot talks to the fleet's sandbox: nothing it sends leaves this machine. */
  readonly sandbox: boolean;
  /** The allowlist of the configuration; in the sandbox its own user is on it. A private chat has its user's id. */
  readonly allowedUsers: readonly number[];
  /** Whether whoever caused an update may decide for everybody in its chat; see `commands/may-decide.ts`. */
  readonly mayDecide: (ctx: Context) => Promise<boolean>;
  /** Files that people sent. */
  readonly files: TelegramFiles;
  /**
   * Registers what the bot does in its ordered stop, once: called when the lanes have ended and while the outbox still
   * takes answers. It has the budget it is called with, in milliseconds; then the stop goes on without it. Main has 6 s,
   * a bot that lost its supervisor 2 s, others 4/9 of their deadline.
   */
  readonly onStop: (drain: DrainAction) => void;
}

/** What a bot gets to look at its configuration, without being started. */
export type CheckContext = Pick<BotContext, "config" | "sandbox" | "log">;

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
  /**
   * Whether the bot could start with its `options`; throws ConfigurationError saying what to change. Asked before a
   * reload restarts anything, in a process of its own, so it must do nothing else. Without it every option will do.
   */
  readonly check?: (context: CheckContext) => void | Promise<void>;
  /** What the bot needs of its machine, for `doctor`; asked when `check` was content. Takes a few seconds at most. */
  readonly examine?: (context: CheckContext) => Promise<readonly BotFinding[]>;
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
