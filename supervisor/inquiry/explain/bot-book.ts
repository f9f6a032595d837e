import { join } from "node:path";
import { chroniclePath, type LineOf } from "../../../shared/contract/chronicle/chronicle-line.ts";
import { ChronicleReader } from "../../../shared/contract/chronicle/read-chronicle.ts";
import {
  peekWaitingAnswers,
  type WaitingAnswer,
} from "../../../shared/outbound/durable/peek-answers.ts";
import { judge, sameProcess } from "../../../shared/process/identity.ts";
import type { ExplainedMessage } from "../../control/contract/explanation.ts";
import { namesIn } from "../names-in.ts";

type EndedLine = LineOf<"sent" | "failed" | "grows">;
type Cause = NonNullable<EndedLine["cause"]>;

/** A message of a bot, and why it was sent. */
export interface BotMessage {
  readonly message: ExplainedMessage;
  readonly cause: Cause | undefined;
}

/** What one bot has written down about updates and messages. */
export class BotBook {
  readonly bot: string;
  readonly chronicle: ChronicleReader;
  private readonly waiting: readonly WaitingAnswer[];
  private readonly lives: readonly LineOf<"life">[];

  private constructor(bot: string, chronicle: ChronicleReader, waiting: readonly WaitingAnswer[]) {
    this.bot = bot;
    this.chronicle = chronicle;
    this.waiting = waiting;
    this.lives = chronicle.find(["life"]);
  }

  /** Those of all bots that have one. @throws the system's error */
  static async all(stateDir: string): Promise<BotBook[]> {
    const files = await namesIn(join(stateDir, "chronicle"));
    const bots = files.flatMap((file) => /^(\w+)\.jsonl$/.exec(file)?.[1] ?? []);
    return Promise.all(
      bots.map(async (bot) => {
        const answers = join(stateDir, "outbox", bot, "answers.jsonl");
        const chronicle = await ChronicleReader.read(chroniclePath(stateDir, bot));
        return new BotBook(bot, chronicle, await peekWaitingAnswers(answers));
      }),
    );
  }

  /** Sent, to be sent, or given up, because of an update. */
  messagesFor(updateId: number): BotMessage[] {
    const isMeant = ({ cause }: { readonly cause?: Cause | undefined }): boolean =>
      cause?.updates.includes(updateId) === true;
    const ended = this.chronicle.find(["sent", "failed", "grows"], updateId).filter(isMeant);
    return [...ended.map(messageOf), ...this.waiting.filter(isMeant).flatMap(waitingMessage)];
  }

  /** What this bot said as a message, oldest first: it may have changed it. */
  messagesAs(messageId: number, chats: readonly (number | string)[]): BotMessage[] {
    return this.chronicle
      .find(["sent", "grows"], messageId)
      .filter(({ chat, messages }) => messages.includes(messageId) && chats.includes(chat))
      .map(messageOf);
  }

  /** When the process that wrote at this instant was gone, as far as is known; undefined while it may live. */
  goneSince(atMs: number): number | "unknown" | undefined {
    const own = this.lives.findLast(({ at }) => at <= atMs);
    if (own === undefined) return undefined;
    const next = this.lives.find(
      ({ at, process }) => at > atMs && !sameProcess(process, own.process),
    );
    if (next !== undefined) return next.at;
    return judge(own.process) === "dead" ? "unknown" : undefined;
  }
}

function messageOf(line: EndedLine): BotMessage {
  const { at, since, chat, topic, cause } = line;
  const message: ExplainedMessage = {
    state: line.t === "grows" ? "growing" : line.t,
    at,
    since,
    conversation: topic === undefined ? String(chat) : `${chat}:${topic}`,
    messageIds: line.t === "failed" ? [] : [...line.messages],
    ...(line.t === "failed" ? { reason: line.reason } : {}),
    ...(cause?.turn === undefined ? {} : { turn: cause.turn }),
  };
  return { message, cause };
}

function waitingMessage({ place, sinceMs: at, cause }: WaitingAnswer): BotMessage[] {
  if (place === undefined) return [];
  const { chatId, topicId } = place;
  const conversation = topicId === undefined ? String(chatId) : `${chatId}:${topicId}`;
  const turn = cause?.turn === undefined ? {} : { turn: cause.turn };
  const message = { state: "waiting" as const, at, since: at, messageIds: [], ...turn };
  return [{ message: { ...message, conversation }, cause }];
}
