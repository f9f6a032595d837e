import type { Update } from "../telegram/bot-api.ts";
import { chatKeyOf } from "./chat-key.ts";
import type { UpdateSink } from "./update-sink.ts";

export interface HandlingSinkOptions {
  readonly handle: (update: Update, signal: AbortSignal) => Promise<void>;
  /** A handler failed; its update counts as handled, or it would block all others. */
  readonly onHandlerError: (error: unknown, update: Update) => void;
}

/**
 * A sink without memory on disk: an update is confirmed after its handler has ended. Updates of one chat are handled one
 * after the other, chats side by side. Once the signal aborts no further handler starts; what was not handled stays
 * unconfirmed.
 */
export class HandlingSink implements UpdateSink {
  private readonly options: HandlingSinkOptions;
  private next: number | undefined;
  /** Handled before an abort, behind one that was not: they come again and are then left out. */
  private readonly handledAhead = new Set<number>();

  constructor(options: HandlingSinkOptions) {
    this.options = options;
  }

  nextOffset(): number | undefined {
    return this.next;
  }

  async append(updates: readonly Update[], signal: AbortSignal): Promise<void> {
    const { next } = this;
    const fresh = updates.filter(({ update_id: id }) => next === undefined || id >= next);
    const lanes = groupByChat(fresh);
    await Promise.all([...lanes.values()].map((lane) => this.handleLane(lane, signal)));
    const open = fresh.find(({ update_id: id }) => !this.handledAhead.has(id));
    const last = fresh.at(-1);
    if (open !== undefined) this.next = open.update_id;
    else if (last !== undefined) this.next = last.update_id + 1;
    for (const id of this.handledAhead) if (id < (this.next ?? 0)) this.handledAhead.delete(id);
  }

  private async handleLane(lane: readonly Update[], signal: AbortSignal): Promise<void> {
    for (const update of lane) {
      if (signal.aborted) return;
      if (this.handledAhead.has(update.update_id)) continue;
      try {
        await this.options.handle(update, signal);
      } catch (error) {
        this.options.onHandlerError(error, update);
      }
      this.handledAhead.add(update.update_id);
    }
  }
}

function groupByChat(updates: readonly Update[]): Map<string, Update[]> {
  const lanes = new Map<string, Update[]>();
  for (const update of updates) {
    const key = chatKeyOf(update) ?? `update ${update.update_id}`;
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [update]);
    else lane.push(update);
  }
  return lanes;
}
