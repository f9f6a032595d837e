/** A bucket that lets `burst` through at once and then one every `intervalMs`. */
interface Allowance {
  readonly intervalMs: number;
  readonly burst: number;
}

/**
 * Telegram's published limits: about one message a second and chat with short bursts, 20 a minute in a group, about
 * 30 a second overall. How long a "short burst" may be is not published; 5 is our guess.
 */
const perChat: Allowance = { intervalMs: 1000, burst: 5 };
const perGroup: Allowance = { intervalMs: 3000, burst: 20 };
const overall: Allowance = { intervalMs: 1000 / 30, burst: 30 };

/** Edits count like sends. */
const countedMethods: readonly string[] = [
  "sendMessage",
  "sendRichMessage",
  "sendPhoto",
  "sendDocument",
  "sendMediaGroup",
  "editMessageText",
  "editMessageCaption",
  "editMessageMedia",
  "editMessageReplyMarkup",
];

/** A rough model of Telegram's sending limits; off until it is switched on. */
export class RateModel {
  private isOn = false;
  /** By bucket: the moment from which it is full again, in monotonic milliseconds. */
  private readonly fullAtMs = new Map<string, number>();

  get enabled(): boolean {
    return this.isOn;
  }

  set enabled(on: boolean) {
    this.isOn = on;
    this.fullAtMs.clear();
  }

  /** Seconds the bot must wait, or 0: the call is allowed, and counted. */
  waitSeconds(botId: number, method: string, chatId: string, nowMs: number): number {
    if (!this.isOn || !countedMethods.includes(method)) return 0;
    const buckets: readonly (readonly [string, Allowance])[] = [
      [`${botId}`, overall],
      [`${botId}/${chatId}`, chatId.startsWith("-") ? perGroup : perChat],
    ];
    const waitMs = Math.max(...buckets.map(([key, rate]) => this.waitMs(key, rate, nowMs)));
    // 30 a second is no whole number of milliseconds: less than a microsecond is no wait.
    if (waitMs > 0.001) return Math.ceil(waitMs / 1000);
    for (const [key, { intervalMs }] of buckets)
      this.fullAtMs.set(key, Math.max(this.fullAtMs.get(key) ?? 0, nowMs) + intervalMs);
    return 0;
  }

  private waitMs(key: string, { intervalMs, burst }: Allowance, nowMs: number): number {
    const fullAtMs = this.fullAtMs.get(key) ?? nowMs;
    return fullAtMs - (burst - 1) * intervalMs - nowMs;
  }
}
