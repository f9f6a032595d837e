/** What one message may hold. */
export interface PartLimits {
  /** UTF-16 code units, at least 64. Telegram: 4096, counted after parsing (tdlib/telegram-bot-api#374). */
  readonly maxLength: number;
  /** Telegram drops further ones without a word. */
  readonly maxEntities: number;
  /** What the entities may weigh; Telegram refuses somewhere above 9,500 bytes (tdlib/telegram-bot-api#165). */
  readonly maxEntityBytes: number;
}

export const telegramLimits: PartLimits = {
  maxLength: 4_096,
  maxEntities: 100,
  maxEntityBytes: 9_000,
};
