import type { Message, User } from "../../../shared/telegram/bot-api.ts";
import type { CallFilter, CallRecord, Journal } from "../calls/journal.ts";
import type { DraftDesk } from "../drafts/draft-desk.ts";
import type { FaultTable } from "../faults/fault.ts";
import type { RateModel } from "../faults/rate-model.ts";
import type { FileKind, FileStore } from "../files/file-store.ts";
import type { Features } from "../methods/call/features.ts";
import type { Mailbox } from "../updates/mailbox.ts";
import { createGroup, openDialog } from "../world/groups/chats.ts";
import { migrate } from "../world/groups/migration.ts";
import { createTopic, setPrivateTopics } from "../world/groups/topics.ts";
import type { SandboxBot, SandboxChat, Topic } from "../world/model.ts";
import { ensureBot } from "../world/newcomer.ts";
import { createUser, revokeToken, setBlocked } from "../world/people.ts";
import { deliverToBots, say } from "../world/posting.ts";
import { press } from "../world/press.ts";
import { Refusal } from "../world/refusal.ts";
import { generalThreadId, topicOf } from "../world/thread-place.ts";
import type { World } from "../world/world.ts";
import { bringFile } from "./bring-file.ts";
import { changeTopic } from "./change-topic.ts";
import type { ChatOrder, SayOrder, SendFileOrder, StopDraftOrder, TopicChange } from "./orders.ts";
import { stopDraft } from "./stop-draft.ts";
import { type ChatView, type PollingView, type StateView, viewChat, viewState } from "./views.ts";

export interface UserSidePorts {
  readonly world: World;
  readonly mailboxOf: (botId: number) => Mailbox;
  readonly faults: FaultTable;
  readonly rates: RateModel;
  readonly journal: Journal;
  readonly features: Features;
  readonly drafts: DraftDesk;
  readonly files: FileStore;
}

/** The verbs of the user's side: the HTTP routes and the tests in the same process use these alike. */
export class UserSide {
  readonly faults: FaultTable;
  readonly rates: RateModel;
  readonly features: Features;
  private readonly journal: Journal;
  private readonly drafts: DraftDesk;
  private readonly files: FileStore;
  private readonly world: World;
  private readonly mailboxOf: (botId: number) => Mailbox;

  constructor(ports: UserSidePorts) {
    this.faults = ports.faults;
    this.rates = ports.rates;
    this.features = ports.features;
    this.journal = ports.journal;
    this.drafts = ports.drafts;
    this.files = ports.files;
    this.world = ports.world;
    this.mailboxOf = ports.mailboxOf;
  }

  state(): StateView {
    return viewState(this.world, this.drafts.list());
  }

  ensureBot(name: string): SandboxBot {
    return ensureBot(this.world, name);
  }

  /** Returns the new token; the old one is refused from now on. */
  revoke(botId: number): string {
    return revokeToken(this.world, this.world.bot(botId));
  }

  createUser(firstName: string, username?: string): User {
    return createUser(this.world, firstName, username);
  }

  block(userId: number, botId: number, blocked: boolean): void {
    setBlocked(this.world, userId, botId, blocked);
  }

  createChat(order: ChatOrder): ChatView {
    if (order.type !== "private")
      return viewChat(
        createGroup(this.world, {
          type: order.type,
          title: order.title ?? "Untitled",
          isForum: order.is_forum ?? false,
          members: order.members,
          bots: order.bots,
        }),
      );
    const [userId, ...others] = order.members;
    const [botId, ...otherBots] = order.bots;
    if (userId === undefined || botId === undefined || others.length + otherBots.length > 0)
      throw new Refusal("A private chat has exactly one member and one bot.");
    return viewChat(openDialog(this.world, userId, this.world.bot(botId)));
  }

  createTopic(chatId: number, name: string): Topic {
    const chat = this.world.chat(chatId);
    const from = this.world.user([...chat.members][0] ?? this.world.me);
    const topic = createTopic(this.world, chat, from, name);
    deliverToBots(this.world, chat, topic.root);
    return topic;
  }

  changeTopic(chatId: number, threadId: number, change: TopicChange): Topic {
    return changeTopic(this.world, this.world.chat(chatId), threadId, change);
  }

  /** Switches topics in the private chats of a bot. */
  setPrivateTopics(botId: number, enabled: boolean): void {
    setPrivateTopics(this.world, this.world.bot(botId), enabled);
  }

  /** A basic group becomes a supergroup, which is answered. */
  migrate(chatId: number): ChatView {
    return viewChat(migrate(this.world, this.world.chat(chatId)));
  }

  /** A bot is put into a group, leaves it, or is thrown out. */
  setMembership(chatId: number, botId: number, status: "member" | "left" | "kicked"): void {
    const chat = this.world.chat(chatId);
    if (chat.type === "private") throw new Refusal("In a private chat a bot can only be blocked.");
    chat.bots.set(this.world.bot(botId).id, status);
    this.world.tell({ type: "state" });
  }

  say(chatId: number, order: SayOrder): Message {
    return say(this.world, this.world.chat(chatId), order.from, order.text, {
      threadId: order.message_thread_id ?? undefined,
      replyTo: order.reply_to_message_id ?? undefined,
    });
  }

  sendFile(chatId: number, kind: FileKind, order: SendFileOrder): Promise<Message> {
    return bringFile(this.world, this.files, this.world.chat(chatId), kind, order);
  }

  /** Presses the button under a draft. Returns its id. */
  stopDraft(chatId: number, order: StopDraftOrder): number {
    return stopDraft(this.world, this.drafts, this.world.chat(chatId), order);
  }

  press(chatId: number, userId: number, messageId: number, data: string): string {
    return press(this.world, this.world.chat(chatId), userId, messageId, data);
  }

  /** Oldest first; the newest `limit` of the chat or of one of its topics (1: General). */
  messages(chatId: number, topic?: number, limit = 100): readonly Message[] {
    const chat = this.world.chat(chatId);
    return ofTopic(chat, topic).slice(-limit);
  }

  calls(filter: CallFilter): readonly CallRecord[] {
    return this.journal.list(filter);
  }

  polling(botId: number): PollingView {
    const mailbox = this.mailboxOf(this.world.bot(botId).id);
    return {
      overlappingPolls: mailbox.overlap.overlapping,
      getUpdatesCalls: mailbox.overlap.calls,
      openPolls: mailbox.overlap.openPolls,
      parked: mailbox.desk.parked,
      pending: mailbox.pending,
      highestUpdateId: mailbox.highestUpdateId,
      confirmedOffset: mailbox.confirmedOffset,
      allowedUpdates: mailbox.allowed,
      webhookUrl: mailbox.webhook.save().url,
    };
  }
}

function ofTopic(chat: SandboxChat, topic: number | undefined): Message[] {
  const all = [...chat.messages.values()].toSorted((a, b) => a.message_id - b.message_id);
  if (topic === undefined) return all;
  const wanted = topic === generalThreadId && chat.isForum ? undefined : topic;
  return all.filter((message) => topicOf(message) === wanted);
}
