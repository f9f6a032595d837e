import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import type { AttemptFacts } from "../queue/entry.ts";
import type { ItemKind } from "../queue/item.ts";
import { isRepeatable } from "./method-kind.ts";

/** What follows from a failed attempt. */
export type Verdict =
  /** Nothing was wrong. */
  | { readonly do: "done" }
  /** It surely did not arrive: the same again, when Telegram can be reached. */
  | { readonly do: "retry" }
  /** Telegram says when. */
  | { readonly do: "wait"; readonly waitMs: number }
  /** It may have arrived, and a second time does no harm. */
  | { readonly do: "repeat" }
  /** It may have arrived: once more, and its text says so. */
  | { readonly do: "repeat_marked" }
  | { readonly do: "move"; readonly chatId: number }
  | { readonly do: "without_topic" }
  | { readonly do: "without_reply" }
  | { readonly do: "plain" }
  | { readonly do: "split" }
  /** Refused as it is; its producer has given a simpler form. */
  | { readonly do: "instead" }
  /** The message that it should turn into is gone: the same content as a new message. */
  | { readonly do: "anew" }
  /** Nothing can be written to this chat. */
  | { readonly do: "block" }
  | { readonly do: "fail" };

export interface Attempt {
  readonly kind: ItemKind;
  readonly method: string;
  readonly facts: AttemptFacts;
  readonly isInTopic: boolean;
  readonly hasInstead: boolean;
}

/** The request cannot have left: nobody listened, no address, no way (facts/telegram-bot-api.md, section 5). */
const neverLeft: readonly string[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETDOWN",
  "ENETUNREACH",
  "EHOSTUNREACH",
];

/** Repeats of what may be repeated freely; a worse connection is waited for by the next item, not by this one. */
const maxRepeats = 3;

/** Invariant 12, for one failed attempt. */
export function judge(error: ClassifiedError, attempt: Attempt): Verdict {
  switch (error.kind) {
    case "flood":
      return { do: "wait", waitMs: error.waitMs ?? 5_000 };
    case "migrated":
      return attempt.facts.moved || error.migrateToChatId === undefined
        ? { do: "fail" }
        : { do: "move", chatId: error.migrateToChatId };
    case "blocked":
      return { do: "block" };
    case "network":
    case "timeout":
    case "server":
    case "bad_response":
      return mayHaveArrived(error) ? unknownOutcome(attempt) : bounded(attempt);
    case "auth":
      // Also a revoked token: the answers are still wanted when the bot has its new one.
      return bounded(attempt);
    case "bad_request":
      return judgeRefusal(error.message, attempt);
    case "aborted":
    case "conflict_poller":
    case "conflict_webhook":
    case "unknown":
      break;
  }
  return { do: "fail" };
}

/** Whether the request may have arrived although it failed: nobody knows. */
export function mayHaveArrived({ kind, systemCode }: ClassifiedError): boolean {
  if (kind === "network") return !neverLeft.includes(systemCode ?? "");
  return kind === "timeout" || kind === "server" || kind === "bad_response";
}

/** Answers and deletions wait for the network as long as it takes; a caller who waits for a result does not. */
function bounded({ kind, facts }: Attempt): Verdict {
  const patient = kind === "answer" || kind === "deletion";
  return patient || facts.repeats < maxRepeats ? { do: "retry" } : { do: "fail" };
}

function unknownOutcome({ kind, method, facts }: Attempt): Verdict {
  if (isRepeatable(method)) return facts.repeats < maxRepeats ? { do: "repeat" } : { do: "fail" };
  return kind === "answer" && facts.unknownOutcomes === 0
    ? { do: "repeat_marked" }
    : { do: "fail" };
}

function judgeRefusal(message: string, attempt: Attempt): Verdict {
  const { kind, method, facts, isInTopic, hasInstead } = attempt;
  if (/message is not modified/i.test(message)) return { do: "done" };
  if (kind === "deletion" && /message to delete not found/i.test(message)) return { do: "done" };
  if (/message thread not found|TOPIC_DELETED|TOPIC_CLOSED/i.test(message)) {
    if (isAnswerByEdit(attempt)) return { do: "anew" };
    const canFallBack = kind === "answer" && isInTopic && !facts.withoutTopic;
    return { do: canFallBack ? "without_topic" : "fail" };
  }
  if (kind !== "answer") return { do: "fail" };
  const isLost = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i;
  if (isLost.test(message) && isAnswerByEdit(attempt)) return { do: "anew" };
  if (
    /(message to be replied|replied message|reply message) not found/i.test(message) &&
    !facts.withoutReply
  ) {
    return { do: "without_reply" };
  }
  if (hasInstead) return { do: "instead" };
  if (/can't parse|ENTITY_BOUNDS_INVALID|ENTITIES_TOO_LONG/i.test(message)) {
    return { do: facts.plain ? "fail" : "plain" };
  }
  const tooLong = /message is too long|message caption is too long|MESSAGE_TOO_LONG/i;
  if (tooLong.test(message) && !method.startsWith("edit")) return { do: "split" };
  return { do: "fail" };
}

/** What a person waits for must not be lost with the message that it was meant for. */
function isAnswerByEdit({ kind, method }: Attempt): boolean {
  return kind === "answer" && method === "editMessageText";
}
