import type { Entry } from "./entry.ts";
import type { Place } from "./item.ts";

type LaneName = "urgent" | "answer" | "deletion" | "edit" | "action";
/** The first goes first. */
const laneNames: readonly LaneName[] = ["urgent", "answer", "deletion", "edit", "action"];

/**
 * What waits for one conversation: urgent answers before answers before deletions before edits before the typing action,
 * each in order. One is on its way at a time, so that the order holds at Telegram too.
 */
export class ConversationQueue {
  readonly place: Place;
  /** Turn number of the last time it was served; conversations take turns by it. */
  lastServed = 0;
  inFlight: Entry | undefined;
  /** The same conversation before its group moved: what is on its way there goes first. */
  before: ConversationQueue | undefined;
  private readonly lanes: Record<LaneName, Entry[]> = {
    urgent: [],
    answer: [],
    deletion: [],
    edit: [],
    action: [],
  };

  constructor(place: Place) {
    this.place = place;
  }

  get head(): Entry | undefined {
    for (const name of laneNames) {
      const [first] = this.lanes[name];
      if (first !== undefined) return first;
    }
    return undefined;
  }

  get isBusy(): boolean {
    return this.inFlight !== undefined || this.before?.inFlight !== undefined;
  }

  get isIdle(): boolean {
    return !this.isBusy && this.head === undefined;
  }

  lengthOf(kind: Exclude<LaneName, "urgent">): number {
    const urgent = kind === "answer" ? this.lanes.urgent.length : 0;
    return this.lanes[kind].length + urgent;
  }

  /** When the answer that waits longest was enqueued (monotonic). */
  get oldestAnswerMs(): number | undefined {
    const { urgent, answer } = this.lanes;
    const [first] = [...urgent.slice(0, 1), ...answer.slice(0, 1)]
      .map(({ start }) => start.enqueuedMs)
      .toSorted((a, b) => a - b);
    return first;
  }

  all(): Entry[] {
    return laneNames.flatMap((name) => this.lanes[name]);
  }

  /** @returns the entry whose place the new one took, if any */
  add(entry: Entry): Entry | undefined {
    const lane = this.lanes[laneOf(entry)];
    const at = this.supersededBy(entry);
    if (at === -1) {
      lane.push(entry);
      return undefined;
    }
    const [older] = lane.splice(at, 1, entry);
    older?.followedBy(entry);
    return older;
  }

  /** Back to where it came from; an edit for which a newer one waits is taken over by that one. */
  putBack(entry: Entry): void {
    const newer = this.lanes.edit.find((other) => isSameEdit(entry, other));
    if (newer === undefined) this.lanes[laneOf(entry)].unshift(entry);
    else entry.followedBy(newer);
  }

  remove(entry: Entry): boolean {
    const lane = this.lanes[laneOf(entry)];
    const at = lane.indexOf(entry);
    if (at !== -1) lane.splice(at, 1);
    return at !== -1;
  }

  takeEdits(key?: string): Entry[] {
    const taken = this.lanes.edit.filter((entry) => key === undefined || entry.start.key === key);
    for (const entry of taken) this.remove(entry);
    return taken;
  }

  takeAll(): Entry[] {
    const taken = this.all();
    for (const name of laneNames) this.lanes[name] = [];
    return taken;
  }

  /** Only the newest edit of a key may be replaced: an older one of another variant must not be overtaken. */
  private supersededBy(entry: Entry): number {
    if (entry.kind === "action") return this.lanes.action.length - 1;
    if (entry.kind !== "edit") return -1;
    const at = this.lanes.edit.findLastIndex(({ start }) => start.key === entry.start.key);
    const newest = this.lanes.edit[at];
    return newest !== undefined && isSameEdit(entry, newest) ? at : -1;
  }
}

function isSameEdit(one: Entry, other: Entry): boolean {
  return (
    one.kind === "edit" &&
    one.start.key === other.start.key &&
    one.start.variant === other.start.variant
  );
}

/** Whether the one goes before the other, whoever waits longer: negative, or 0 among equals. */
export function compareRanks(one: Entry, other: Entry): number {
  return laneNames.indexOf(laneOf(one)) - laneNames.indexOf(laneOf(other));
}

function laneOf({ kind, start }: Entry): LaneName {
  if (kind === "answer" && start.isUrgent === true) return "urgent";
  return kind === "call" ? "action" : kind;
}
