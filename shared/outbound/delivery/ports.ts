import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import type { CallParams, Cause, Place, TelegramCall } from "../queue/item.ts";

/** One request to the Bot API, without any repeats of its own. Throws the library's errors. */
export type SendPort = (
  method: string,
  params: CallParams,
  signal: AbortSignal,
) => Promise<unknown>;

/** Cuts what Telegram found too long; undefined where it cannot be cut. */
export type SplitPort = (call: TelegramCall) => readonly TelegramCall[] | undefined;

/** What stands in the place of a refused answer: its simpler form, its parts, or a new message instead of an edit. */
export type Replacement = "instead" | "split" | "anew";

interface AnswerFailure {
  readonly place: Place | undefined;
  readonly answerId: string | undefined;
  readonly reason: string;
}

/** A message, or part of one, that Telegram has or will not get. */
export interface EndedMessage {
  readonly place: Place | undefined;
  readonly cause: Cause | undefined;
  /** When it was handed over, in epoch milliseconds. */
  readonly sinceMs: number;
  readonly ending:
    | { readonly state: "sent"; readonly messageIds: readonly number[] }
    | { readonly state: "failed"; readonly reason: string };
}

/** What the owner of an outbox may want to know. None of them may throw. */
export interface OutboxHooks {
  /** A forum topic is closed or gone; its answers go to the chat, flagged. Once per topic. */
  readonly onTopicGone?: (place: Place) => void;
  /** The bot may not write to this chat any more. */
  readonly onChatBlocked?: (chatId: number | string) => void;
  /**
   * An answer was given up: refused, or nobody knows after the second try. Its producer may be one of an earlier life,
   * so this is the only sure place to hear of it. The id is undefined where the producer gave none.
   */
  readonly onAnswerFailed?: (failure: AnswerFailure) => void;
  /** Every message that a person may see, of this life and of earlier ones. */
  readonly onMessageEnded?: (message: EndedMessage) => void;
  /** Every failed request, as the classifier sees it. */
  readonly onError?: (error: ClassifiedError) => void;
}
