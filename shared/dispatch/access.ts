import type { Clock } from "../clock.ts";
import type { Update } from "../telegram/bot-api.ts";
import { conversationOf, payloadOf, userOf } from "../telegram/conversation.ts";

/**
 * Who may use a bot. Users and chats are numeric ids. In a chat on the list everybody may, for what stands in that chat:
 * messages there and presses of its buttons; the same people are strangers everywhere else.
 */
export type AccessPolicy =
  | { readonly kind: "open" }
  | {
      readonly kind: "allowlist";
      /** Asked each time: who was let in or put out a moment ago is so now. */
      readonly users: Pick<ReadonlySet<number>, "has">;
      readonly chats: Pick<ReadonlySet<number>, "has">;
    };

/** Somebody to be told that they may not. Says nothing of what they wrote. */
export interface Refusal {
  readonly updateId: number;
  readonly userId: number;
  readonly chatId: number | undefined;
  readonly topicId: number | undefined;
  /** Present for a button press: to be answered as such. */
  readonly callbackQueryId: string | undefined;
}

export interface AccessGateOptions {
  readonly policy: AccessPolicy;
  readonly clock: Clock;
  /** Called for every one. */
  readonly onRefused: () => void;
  /** Called at most once per hour and user. */
  readonly answer: (refusal: Refusal) => void;
}

const answerAgainAfterMs = 3_600_000;
/** So many strangers in one hour are remembered; more of them get no answer. */
const rememberedUsers = 10_000;

/**
 * Whether an update comes from somebody who may: a message, a button press, a reaction, whatever. An empty allowlist
 * lets nobody in, and so does an update without user and chat.
 */
function isAllowed(policy: AccessPolicy, update: Update): boolean {
  if (policy.kind === "open") return true;
  const userId = userOf(update);
  if (userId !== undefined && policy.users.has(userId)) return true;
  const { chatId } = conversationOf(update);
  return chatId !== undefined && policy.chats.has(chatId);
}

/** Keeps refused updates away from the handlers, counts them, and lets each stranger know now and then. */
export class AccessGate {
  private readonly options: AccessGateOptions;
  private readonly answeredAtMs = new Map<number, number>();

  constructor(options: AccessGateOptions) {
    this.options = options;
  }

  /** Whether it would be let through now. Nobody is told. */
  lets(update: Update): boolean {
    return isAllowed(this.options.policy, update);
  }

  /** False where the update must go no further. */
  admit(update: Update): boolean {
    if (this.lets(update)) return true;
    this.options.onRefused();
    const refusal = answerable(update);
    if (refusal !== undefined && this.mayAnswer(refusal.userId)) this.options.answer(refusal);
    return false;
  }

  private mayAnswer(userId: number): boolean {
    const nowMs = this.options.clock.monotonic();
    // Oldest first: an answered user is put at the end again.
    for (const [user, atMs] of this.answeredAtMs) {
      if (nowMs - atMs < answerAgainAfterMs) break;
      this.answeredAtMs.delete(user);
    }
    if (this.answeredAtMs.has(userId) || this.answeredAtMs.size >= rememberedUsers) return false;
    this.answeredAtMs.set(userId, nowMs);
    return true;
  }
}

/**
 * Who may expect an answer: the user of a private message, of a command in a group, of a button press. Not the members
 * of a group who talk to each other, and nobody for a reaction.
 */
function answerable(update: Update): Refusal | undefined {
  const userId = userOf(update);
  const [kind, payload] = payloadOf(update);
  if (userId === undefined || payload === undefined) return undefined;
  const { chatId, topicId } = conversationOf(update);
  const updateId = update.update_id;
  const refusal = { updateId, userId, chatId, topicId, callbackQueryId: undefined };
  if (kind === "callback_query") {
    const { id } = payload;
    return typeof id === "string" ? { ...refusal, callbackQueryId: id } : undefined;
  }
  if (kind !== "message") return undefined;
  const { text } = payload;
  const isPrivate = chatId === userId;
  return isPrivate || (typeof text === "string" && text.startsWith("/")) ? refusal : undefined;
}
