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
}

export interface AlertMessage {
  readonly text: string;
  /** Bots whose restart may help. */
  readonly restartable: readonly string[];
}

/** Troubles come in company: what happens within this time is one message. */
export const gatherMs = 5_000;
/** Between two messages, however much happens. */
export const pauseMs = 60_000;
/** What begins and ends again and again is told so often at most. */
export const repeatMs = 30 * 60_000;
/** Nobody reads more; Telegram's limit is 4096 characters. */
const mostLines = 20;

/**
 * Makes few messages of many alerts: grouped, at most one a minute, each trouble once while it lasts. An end is told only
 * where the beginning was.
 */
export class AlertDesk {
  private readonly clock: Clock;
  private readonly send: (message: AlertMessage) => void;
  /** By trouble: when its beginning was told last, and whether it lasts. */
  private readonly told = new Map<string, { atMs: number; lasts: boolean }>();
  /** Begun again too soon after the last time. */
  private readonly postponed = new Map<string, Cancel>();
  private waiting: Alert[] = [];
  private cancel: Cancel | undefined;
  private sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, send: (message: AlertMessage) => void) {
    this.clock = clock;
    this.send = send;
  }

  note(alert: Alert): void {
    if (!this.isNews(alert)) return;
    // What is over before anybody heard of it is no news.
    const before = this.waiting.findIndex((other) => keyOf(other) === keyOf(alert));
    if (before >= 0) this.waiting.splice(before, 1);
    if (before >= 0 && !alert.begins) this.told.delete(keyOf(alert));
    else this.waiting.push(alert);
    const waitMs = Math.max(gatherMs, this.sentAtMs + pauseMs - this.clock.monotonic());
    this.cancel ??= this.clock.schedule(waitMs, () => {
      this.cancel = undefined;
      this.tell();
    });
  }

  close(): void {
    this.cancel?.();
    this.cancel = undefined;
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
    if (known?.lasts === true) return false;
    const nowMs = this.clock.monotonic();
    const earlyMs = known === undefined ? 0 : known.atMs + repeatMs - nowMs;
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
    const alerts = this.waiting;
    if (alerts.length === 0) return;
    this.waiting = [];
    this.sentAtMs = this.clock.monotonic();
    const shown = alerts.slice(0, mostLines).map(({ text }) => text);
    const more = alerts.length - shown.length;
    const bots = alerts.flatMap(({ bot, begins }) => (begins && bot !== undefined ? [bot] : []));
    this.send({
      text: [
        ...shown,
        ...(more > 0 ? [`... and ${more} more: npx tg-supervisor status`] : []),
      ].join("\n\n"),
      restartable: [...new Set(bots)],
    });
  }
}

function keyOf({ bot, what }: Alert): string {
  return `${bot ?? ""} ${what}`;
}
