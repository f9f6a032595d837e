import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { EventLog } from "../events/event-log.ts";
import type { Draft, DraftEnd, DraftPlace } from "./draft.ts";

/** A draft is a preview of 30 seconds (Bot API, sendMessageDraft). */
const draftLifeMs = 30_000;

interface Shown {
  draft: Draft;
  cancelTimer: Cancel;
}

/** What bots are writing right now: one draft for each bot in each conversation. Nothing of it outlives the sandbox. */
export class DraftDesk {
  private readonly clock: Clock;
  private readonly events: EventLog;
  private readonly shown = new Map<string, Shown>();
  /** By place: the draft its reader has stopped; further words of it are not shown. */
  private readonly stopped = new Map<string, number>();

  constructor(clock: Clock, events: EventLog) {
    this.clock = clock;
    this.events = events;
  }

  list(): readonly Draft[] {
    return [...this.shown.values()].map(({ draft }) => draft);
  }

  /** Shows a draft, or its next words: each of them gives it its whole time again. */
  show(draft: Draft): void {
    const key = keyOf(draft);
    if (this.stopped.get(key) === draft.draft_id) return;
    this.stopped.delete(key);
    this.shown.get(key)?.cancelTimer();
    const cancelTimer = this.clock.schedule(draftLifeMs, () => this.end(key, "expired"));
    this.shown.set(key, { draft, cancelTimer });
    this.events.record({ type: "draft", ...draft });
  }

  /** The bot has sent something there. */
  sent(place: DraftPlace): void {
    const key = keyOf(place);
    this.stopped.delete(key);
    this.end(key, "sent");
  }

  /** The reader presses the button. Undefined: there is no draft with such a button. */
  stop(chatId: number, threadId: number | undefined, draftId?: number): Draft | undefined {
    const found = this.list().find(
      (draft) =>
        draft.chat_id === chatId &&
        draft.message_thread_id === threadId &&
        draft.can_stop === true &&
        (draftId === undefined || draft.draft_id === draftId),
    );
    if (found === undefined) return undefined;
    const key = keyOf(found);
    this.stopped.set(key, found.draft_id);
    if (found.keep_on_stop === true) {
      const { can_stop: _, ...rest } = found;
      const shown = this.shown.get(key);
      if (shown !== undefined) shown.draft = rest;
      this.events.record({ type: "draft", ...rest });
    } else this.end(key, "stopped");
    return found;
  }

  /** Leaves no timer. */
  close(): void {
    for (const { cancelTimer } of this.shown.values()) cancelTimer();
    this.shown.clear();
  }

  private end(key: string, why: DraftEnd): void {
    const shown = this.shown.get(key);
    if (shown === undefined) return;
    shown.cancelTimer();
    this.shown.delete(key);
    const { chat_id, message_thread_id, bot, draft_id } = shown.draft;
    this.events.record({
      type: "draft_gone",
      chat_id,
      ...(message_thread_id === undefined ? {} : { message_thread_id }),
      bot,
      draft_id,
      why,
    });
  }
}

function keyOf({ chat_id, message_thread_id, bot }: DraftPlace): string {
  return `${chat_id}/${message_thread_id ?? 0}/${bot}`;
}
