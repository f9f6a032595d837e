import type { Clock } from "../../../shared/clock.ts";
import type { UpdateType } from "../../../shared/telegram/bot-api.ts";
import { defaultAllowedUpdates } from "./allowed-updates.ts";
import { PollOverlap } from "./overlap.ts";
import { conflictText, type PollAnswer, PollDesk } from "./poll-desk.ts";
import type { PollQuery } from "./polling-rules.ts";
import { retentionSeconds } from "./retention.ts";
import { type QueuedUpdate, UpdateQueue } from "./update-queue.ts";
import { Webhook, type WebhookState } from "./webhook.ts";

/** Where update ids come from; ids never repeat, whatever happens to the process. */
export interface UpdateIds {
  next(): number;
  /** Goes on at a random place, as Telegram does after a week without updates. */
  jump(): void;
}

export interface MailboxState {
  readonly allowed: readonly UpdateType[];
  readonly nextId: number;
  readonly lastUpdateMs: number;
  readonly confirmedOffset: number;
  readonly webhook: WebhookState;
  readonly waiting: readonly QueuedUpdate[];
}

const silenceBeforeJumpMs = 7 * 86_400_000;

/** Everything about the updates of one bot: queue, mask, webhook, the parked call. */
export class Mailbox {
  readonly overlap = new PollOverlap();
  readonly desk: PollDesk;
  readonly webhook: Webhook;
  private readonly queue: UpdateQueue;
  private readonly clock: Clock;
  private readonly ids: UpdateIds;
  private readonly changed: () => void;
  private allowedKinds: ReadonlySet<UpdateType>;
  private lastUpdateMs: number;
  /** The largest offset that ever confirmed something. */
  confirmedOffset: number;

  constructor(clock: Clock, ids: UpdateIds, changed: () => void, saved?: MailboxState) {
    this.clock = clock;
    this.ids = ids;
    this.changed = changed;
    this.queue = new UpdateQueue(saved?.nextId, saved?.waiting);
    this.desk = new PollDesk(this.queue, clock);
    this.webhook = new Webhook(saved?.webhook);
    this.allowedKinds = new Set(saved?.allowed ?? defaultAllowedUpdates);
    this.lastUpdateMs = saved?.lastUpdateMs ?? clock.now();
    this.confirmedOffset = saved?.confirmedOffset ?? 0;
  }

  /** Creates an update, unless the bot did not ask for its kind at this moment; then it is lost, not delayed. */
  deliver(kind: UpdateType, payloadJson: string): void {
    if (!this.allowedKinds.has(kind)) return;
    const nowMs = this.clock.now();
    if (nowMs - this.lastUpdateMs > silenceBeforeJumpMs) this.ids.jump();
    this.lastUpdateMs = nowMs;
    const body = `"${kind}":${payloadJson}`;
    this.queue.push({
      id: this.ids.next(),
      expiresAtMs: nowMs + retentionSeconds(kind) * 1000,
      body,
      bytes: Buffer.byteLength(body),
    });
    if (this.webhook.active) this.webhook.failDelivery(nowMs);
    else this.desk.wake();
    this.changed();
  }

  getUpdates(query: PollQuery, allowed: readonly UpdateType[] | undefined): Promise<PollAnswer> {
    if (this.webhook.active) return this.desk.refuse(conflictText.webhookActive);
    this.allow(allowed);
    const answer = this.desk.poll(query);
    // A negative offset confirms too: everything before the ones it keeps.
    const confirmed = query.offset < 0 ? this.queue.head : Math.min(query.offset, this.queue.tail);
    if (confirmed > this.confirmedOffset) {
      this.confirmedOffset = confirmed;
      this.changed();
    }
    return answer;
  }

  /** Undefined keeps what was asked before. */
  allow(kinds: readonly UpdateType[] | undefined): void {
    if (kinds === undefined || isSame(this.allowedKinds, kinds)) return;
    this.allowedKinds = new Set(kinds);
    this.changed();
  }

  dropPending(): void {
    this.queue.clear();
    this.changed();
  }

  get pending(): number {
    return this.queue.pending(this.clock.now());
  }

  get highestUpdateId(): number {
    return Math.max(0, this.queue.tail - 1);
  }

  get allowed(): readonly UpdateType[] {
    return [...this.allowedKinds];
  }

  save(): MailboxState {
    return {
      allowed: this.allowed,
      nextId: this.queue.tail,
      lastUpdateMs: this.lastUpdateMs,
      confirmedOffset: this.confirmedOffset,
      webhook: this.webhook.save(),
      waiting: this.queue.waiting(this.clock.now()),
    };
  }
}

function isSame(kinds: ReadonlySet<UpdateType>, asked: readonly UpdateType[]): boolean {
  return kinds.size === asked.length && asked.every((kind) => kinds.has(kind));
}
