import type { Cancel, Clock } from "../../../shared/clock.ts";

/** Something that the admins want to hear of. */
export interface Alert {
  /** The bot it is about; undefined: the fleet. */
  readonly bot: string | undefined;
  /** What it is: `given_up`, `conflict`, ... The same one is not told again while it lasts. */
  readonly what: string;
  /** False: it is over. */
  readonly begins: boolean;
  readonly text: string;
  /** A restart of the bot may help: the message has a button for it. */
  readonly restartHelps?: boolean;
  /** It lasts, but begins once more because a person tried to end it: told again, however soon. */
  readonly anew?: boolean;
}

export interface AlertMessage {
  readonly text: string;
  /** Bots whose restart may help. */
  readonly restartable: readonly string[];
}

/** Troubles come in company: what happens within this time is one message. */
export const gatherMs = 5_000;
/** What begins and ends again and again is told so often at most. */
export const repeatMs = 30 * 60_000;
/** Nobody reads more. */
const mostLines = 20;
/** Telegram's limit is 4096 characters; what is longer would not be sent at all. */
const mostChars = 3_800;
const longestLine = 600;

/**
 * Makes few messages of many alerts: grouped, with a pause between them, each trouble once while it lasts. An end is told only
 * where the beginning was.
 */
export class AlertDesk {
  private readonly clock: Clock;
  private readonly pauseMs: number;
  private readonly send: (message: AlertMessage) => void;
  /** By trouble: when its beginning was told last, and whether it lasts. */
  private readonly told = new Map<string, { atMs: number; lasts: boolean }>();
  /** Begun again too soon after the last time. */
  private readonly postponed = new Map<string, Cancel>();
  private waiting: Alert[] = [];
  private cancel: Cancel | undefined;
  private sentAtMs = Number.NEGATIVE_INFINITY;

  /** @param pauseMs between two messages, however much happens */
  constructor(clock: Clock, pauseMs: number, send: (message: AlertMessage) => void) {
    this.clock = clock;
    this.pauseMs = pauseMs;
    this.send = send;
  }

  note(alert: Alert): void {
    if (!this.isNews(alert)) return;
    // What is over before anybody heard of it is no news.
    const before = this.waiting.findIndex((other) => keyOf(other) === keyOf(alert));
    if (before >= 0) this.waiting.splice(before, 1);
    if (before >= 0 && !alert.begins) this.told.delete(keyOf(alert));
    else this.waiting.push(alert);
    const waitMs = Math.max(gatherMs, this.sentAtMs + this.pauseMs - this.clock.monotonic());
    this.cancel ??= this.clock.schedule(waitMs, () => {
      this.cancel = undefined;
      this.tell();
    });
  }

  /** Says more of a trouble that nobody was told of yet. @returns whether there is such a one */
  amend(alert: Alert): boolean {
    const at = this.waiting.findIndex((other) => keyOf(other) === keyOf(alert) && other.begins);
    if (at >= 0) this.waiting[at] = alert;
    return at >= 0;
  }

  /** The bot is gone, and its troubles with it. */
  forget(bot: string): void {
    const isOf = (key: string): boolean => key.startsWith(`${bot} `);
    for (const key of [...this.told.keys()].filter(isOf)) this.told.delete(key);
    for (const [key, cancel] of this.postponed)
      if (isOf(key)) {
        cancel();
        this.postponed.delete(key);
      }
    this.waiting = this.waiting.filter((alert) => alert.bot !== bot);
  }

  /** What waits is told now. */
  close(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.tell();
    for (const cancel of this.postponed.values()) cancel();
    this.postponed.clear();
  }

  private isNews(alert: Alert): boolean {
    const key = keyOf(alert);
    const known = this.told.get(key);
    this.postponed.get(key)?.();
    this.postponed.delete(key);
    if (!alert.begins) {
      if (known?.lasts !== true) return false;
      known.lasts = false;
      return true;
    }
    const anew = alert.anew === true;
    if (known?.lasts === true && !anew) return false;
    const nowMs = this.clock.monotonic();
    const earlyMs = known === undefined || anew ? 0 : known.atMs + repeatMs - nowMs;
    if (earlyMs > 0) {
      // Told then, if it lasts so long.
      const again = this.clock.schedule(earlyMs, () => {
        this.note(alert);
      });
      this.postponed.set(key, again);
      return false;
    }
    this.told.set(key, { atMs: nowMs, lasts: true });
    return true;
  }

  private tell(): void {
    // An end that another one tells, too, has no words of its own.
    const alerts = this.waiting.filter(({ text }) => text !== "");
    this.waiting = [];
    if (alerts.length === 0) return;
    this.sentAtMs = this.clock.monotonic();
    const shown = fitting(alerts.map(({ text }) => shortened(text)));
    const more = alerts.length - shown.length;
    const bots = alerts.flatMap(({ bot, begins, restartHelps }) =>
      begins && restartHelps === true && bot !== undefined ? [bot] : [],
    );
    this.send({
      text: [
        ...shown,
        ...(more > 0 ? [`... and ${more} more: npx tg-supervisor status`] : []),
      ].join("\n\n"),
      restartable: [...new Set(bots)],
    });
  }
}

/** As many of the first as one message takes. */
function fitting(texts: readonly string[]): string[] {
  let chars = 0;
  const shown = texts.slice(0, mostLines);
  const over = shown.findIndex((text) => {
    chars += text.length + 2;
    return chars > mostChars;
  });
  return over < 0 ? shown : shown.slice(0, over);
}

function shortened(text: string): string {
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)} ...`;
}

function keyOf({ bot, what }: Alert): string {
  return `${bot ?? ""} ${what}`;
}
