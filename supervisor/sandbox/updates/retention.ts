import type { UpdateType } from "../../../shared/telegram/bot-api.ts";

const daySeconds = 86_400;

/** Seconds an unconfirmed update is kept (tdlib/telegram-bot-api 10.0, `add_update`); everything else: 24 hours. */
const shortLived: Partial<Record<UpdateType, number>> = {
  inline_query: 30,
  callback_query: 150,
  shipping_query: 150,
  pre_checkout_query: 150,
  chosen_inline_result: 600,
};

export function retentionSeconds(kind: UpdateType): number {
  return shortLived[kind] ?? daySeconds;
}
