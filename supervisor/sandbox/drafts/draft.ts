import type { MessageEntity, RichMessage } from "../../../shared/telegram/bot-api.ts";

/** A message being written, as its reader sees it; an empty text shows "Thinking...". */
export interface Draft {
  /** The user side's id. */
  readonly chat_id: number;
  readonly message_thread_id?: number;
  readonly bot: number;
  readonly draft_id: number;
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly rich_message?: RichMessage;
  /** The reader has a button to stop it. */
  readonly can_stop?: true;
  /** It stays, for its time, when it is stopped. */
  readonly keep_on_stop?: true;
}

export type DraftPlace = Pick<Draft, "chat_id" | "message_thread_id" | "bot">;

/** `sent`: the bot has sent a message there; `expired`: 30 s without a word; `stopped`: by the reader. */
export type DraftEnd = "sent" | "expired" | "stopped";
