import type { Message } from "../../../shared/telegram/bot-api.ts";
import type { Draft, DraftEnd, DraftPlace } from "../drafts/draft.ts";

/** What happened, for those who watch. `chat_id` is the user side's id of the chat. */
export type SandboxEvent =
  | MessageEvent
  | { type: "message_deleted"; chat_id: number; message_thread_id?: number; message_id: number }
  | {
      type: "callback_answer";
      chat_id?: number;
      bot: number;
      callback_query_id: string;
      user_id: number;
      text?: string;
      show_alert?: boolean;
      url?: string;
    }
  | {
      type: "chat_action";
      chat_id: number;
      message_thread_id?: number;
      bot: number;
      action: string;
    }
  | ({ type: "draft" } & Draft)
  | ({ type: "draft_gone"; draft_id: number; why: DraftEnd } & DraftPlace)
  /** Bots, users, chats or topics changed: read /sandbox/state again. */
  | { type: "state" }
  | { type: "call"; call: unknown };

interface MessageEvent {
  type: "message" | "message_edited";
  chat_id: number;
  message_thread_id?: number;
  message: Message;
}

export type Recorded = { readonly seq: number; readonly at: string } & SandboxEvent;

const maxReplayed = 5000;

/** A numbered stream with a bounded memory; snapshot-then-follow without a gap, because both happen in one turn. */
export class EventLog {
  private recent: Recorded[] = [];
  private readonly watchers = new Set<(event: Recorded) => void>();
  private readonly now: () => number;
  seq = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  record(event: SandboxEvent): void {
    this.seq += 1;
    const recorded: Recorded = { seq: this.seq, at: new Date(this.now()).toISOString(), ...event };
    this.recent.push(recorded);
    // Cut in halves, not one by one: constant work per event.
    if (this.recent.length > 2 * maxReplayed) this.recent = this.recent.slice(-maxReplayed);
    for (const watch of this.watchers) watch(recorded);
  }

  /** Events after `seq`; undefined when some of them are forgotten, or `seq` is of another run. */
  since(seq: number): readonly Recorded[] | undefined {
    const oldest = this.recent[0]?.seq ?? this.seq + 1;
    if (seq > this.seq || seq < oldest - 1) return undefined;
    return this.recent.slice(seq - oldest + 1);
  }

  /** Returns the end of the watch. */
  watch(watcher: (event: Recorded) => void): () => void {
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  }
}
