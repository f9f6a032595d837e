import type { Clock } from "../../clock.ts";
import type { BotSettings } from "../../config/bot-settings.ts";
import type { Chronicle } from "../../contract/chronicle/chronicle.ts";
import type { IntakeReport } from "../../contract/intake-report.ts";
import { Dispatcher } from "../../dispatch/dispatcher.ts";
import { describe, type UpdateHandler } from "../../dispatch/handling.ts";
import { usualLaneLimits } from "../../dispatch/lanes.ts";
import type { Cursor } from "../../intake/cursor/cursor.ts";
import {
  type DeadLetter,
  deadLettersPath,
  FileDeadLetters,
} from "../../intake/cursor/dead-letters.ts";
import { cursorPath, openCursor } from "../../intake/cursor/open-cursor.ts";
import type { AppendBell } from "../../intake/update-log/append-bell.ts";
import type { JournalRecord, UpdateLogReader } from "../../intake/update-log/journal.ts";
import { LogReader } from "../../intake/update-log/log-reader.ts";
import { updateLogDir } from "../../intake/update-log/open-log.ts";
import type { Log } from "../../logger.ts";
import { HandlingMeter } from "./handling-meter.ts";
import type { TokenShare } from "./token-share.ts";

/** A bot that is new on a log begins with what came in so long ago: not with yesterday's commands. */
const newcomerLooksBackMs = 5 * 60_000;
/** How many dead letters a report names; all are counted. */
const shownDeadLetters = 20;

export interface InboxParts {
  readonly settings: BotSettings;
  readonly share: TokenShare;
  readonly username: () => string | undefined;
  readonly bell: AppendBell;
  readonly handle: UpdateHandler;
  readonly chronicle: Pick<Chronicle, "leave" | "begin" | "end" | "note">;
  readonly conversationsAtOnce: number | undefined;
  /** Something was read or handled, or a dead letter was dropped. */
  readonly onActivity: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

type OnDropped = (letter: DeadLetter, why: "asked" | "full") => void;

/** The reading side of a bot: the log of its token, its own cursor, its lanes. Works whoever polls. */
export class Inbox {
  private readonly dispatcher: Dispatcher;
  private readonly cursor: Cursor;
  private readonly meter: HandlingMeter;

  private readonly onActivity: () => void;
  private readonly onDropped: OnDropped;

  private constructor(
    dispatcher: Dispatcher,
    cursor: Cursor,
    meter: HandlingMeter,
    onActivity: () => void,
    onDropped: OnDropped,
  ) {
    this.dispatcher = dispatcher;
    this.cursor = cursor;
    this.meter = meter;
    this.onActivity = onActivity;
    this.onDropped = onDropped;
  }

  static async open(parts: InboxParts): Promise<Inbox> {
    const { settings, share, chronicle, clock, log, random } = parts;
    const dir = updateLogDir(settings.stateDir, settings.botId);
    const reader = new LogReader({ dir, clock, log, bell: parts.bell });
    const cursor = await openCursor({
      path: cursorPath(dir, settings.name),
      clock,
      log,
      newestSeq: () => reader.newestSeq(),
      start: { after: () => positionBefore(reader, clock.now() - newcomerLooksBackMs) },
    });
    const onDropped: OnDropped = ({ updateId: u, attempts, error }, why) => {
      chronicle.note({ t: "dropped", at: clock.now(), u, why, attempts, error });
    };
    const lettersPath = deadLettersPath(dir, settings.name);
    const meter = new HandlingMeter();
    const dispatcher = new Dispatcher({
      reader,
      cursor,
      deadLetters: await FileDeadLetters.open(lettersPath, clock, log, (dropped) => {
        for (const letter of dropped) onDropped(letter, "full");
      }),
      wants: ({ update, updateId }) => {
        const isOurs = share.belongs(update, parts.username());
        if (!isOurs) chronicle.leave(updateId);
        return isOurs;
      },
      isUrgent: ({ update }) => share.isUrgent(update),
      handle: async (record, context) => {
        parts.onActivity();
        chronicle.begin(record.updateId);
        let trouble: string | undefined;
        try {
          await parts.handle(record, context);
        } catch (error) {
          trouble = describe(error);
          throw error;
        } finally {
          chronicle.end(record.updateId, context.attempt, trouble);
          meter.ended(trouble === undefined, clock.now() - record.receivedAtMs);
          parts.onActivity();
        }
      },
      clock,
      log,
      random,
      laneLimits: {
        ...usualLaneLimits,
        concurrency: parts.conversationsAtOnce ?? usualLaneLimits.concurrency,
      },
    });
    return new Inbox(dispatcher, cursor, meter, parts.onActivity, onDropped);
  }

  /** Reads and handles until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.dispatcher.run(signal);
  }

  /** Lets what runs end, for so long; the rest is left to the next start. */
  async close(drainDeadlineMs: number): Promise<void> {
    await this.dispatcher.drain(drainDeadlineMs);
    await this.cursor.close();
  }

  /** What the bot has been given and has not handled, the oldest first. */
  get unhandled(): readonly JournalRecord[] {
    return this.dispatcher.unhandled;
  }

  async report(): Promise<IntakeReport> {
    const status = await this.dispatcher.status();
    const letters = this.dispatcher.deadLetters();
    return {
      depth: status.depth,
      running: status.running,
      oldestUnhandledAt: status.oldestUnhandledAtMs ?? null,
      handled: this.meter.report(),
      deadLetterCount: letters.length,
      deadLetters: letters
        .slice(-shownDeadLetters)
        .map(({ seq, updateId, key, givenUpAtMs, attempts, error }) => ({
          seq,
          updateId,
          conversation: key,
          givenUpAt: givenUpAtMs,
          attempts,
          error,
        })),
    };
  }

  /** False where there is no such letter, or it is being tried already. */
  retryDeadLetter(seq: number): boolean {
    return this.dispatcher.retryDeadLetter(seq);
  }

  async dropDeadLetter(seq: number): Promise<boolean> {
    const letter = this.dispatcher.deadLetters().find((each) => each.seq === seq);
    const dropped = await this.dispatcher.dropDeadLetter(seq);
    if (dropped && letter !== undefined) this.onDropped(letter, "asked");
    this.onActivity();
    return dropped;
  }
}

/** Position of the last record received before an instant. Reads the log: only for a bot that is new on it. */
async function positionBefore(reader: UpdateLogReader, instantMs: number): Promise<number> {
  let position = 0;
  for await (const record of reader.readFrom(0)) {
    if (record.receivedAtMs >= instantMs) break;
    position = record.seq;
  }
  return position;
}
