import { telegramLimits } from "../split/limits.ts";
import type { SplitSettings } from "../split/split-answer.ts";

/** UTF-16 units that stay free for what the outbox may have to add behind a text; its longest remark has 44. */
const roomForMark = 60;

/** The same, with parts that leave room for a mark. */
export function withRoomForMark(settings: SplitSettings = {}): SplitSettings {
  const { limits = telegramLimits } = settings;
  return { ...settings, limits: { ...limits, maxLength: limits.maxLength - roomForMark } };
}
