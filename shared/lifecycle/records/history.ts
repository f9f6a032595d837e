import { describeHolder, type Lease } from "./lease.ts";
import { type ListenerState, type TransitionName, transitionNames } from "./listener-state.ts";
import { plainText } from "./plain-text.ts";
import type { LifecycleRecords } from "./transitions.ts";

export interface HistoryEntry {
  readonly at: string;
  readonly event: TransitionName;
  /** Keys the line: one lease has each event at most once. */
  readonly leaseId: string;
  readonly text: string;
}

/** The line that the last transition in these records must have in the history. */
export function historyEntry({ lease, state }: LifecycleRecords): HistoryEntry | undefined {
  if (state === undefined) return undefined;
  const ownLease = lease?.id === state.lease ? lease : undefined;
  return {
    at: state.last_event_at,
    event: state.last_event,
    leaseId: state.lease,
    text: plainText(wording[state.last_event](state, ownLease)),
  };
}

const wording: Readonly<
  Record<TransitionName, (state: ListenerState, lease: Lease | undefined) => string>
> = {
  start: (_state, lease) => `${process(lease)}, epoch ${lease?.epoch ?? "unknown"}`,
  running: (state) => `${elapsed(state)} after the start`,
  stopping: (state) => state.cause ?? "no cause given",
  stopped: (state) => `${state.cause ?? "no cause given"}; ${elapsed(state)} after the start`,
  failed: (state) => `${state.error ?? "no error given"}${whileStopping(state, state.error)}`,
  close: (state) => `by ${state.last_event_by ?? "an unknown process"}`,
  crashed: (state, lease) =>
    `${process(lease)}, was gone with its lease active${whileStopping(state, "crashed")}; found by ${state.last_event_by ?? "an unknown process"}`,
};

function process(lease: Lease | undefined): string {
  return lease === undefined ? "an unknown process" : describeHolder(lease.holder);
}

/** The cause that came first, where it is not this end's own. */
function whileStopping({ cause }: ListenerState, own: string | undefined): string {
  return cause === undefined || cause === own ? "" : `, while stopping (${cause})`;
}

export function formatEntry(entry: HistoryEntry): string {
  return `- ${entry.at} **${entry.event}** ${entry.text} [lease ${entry.leaseId}]`;
}

const entryLine = new RegExp(
  `^- (\\S+) \\*\\*(${transitionNames.join("|")})\\*\\* (.*) \\[lease (\\S+)\\]$`,
);

/** Undefined for anything else that stands in the file: headings, remarks of people, torn lines. */
export function parseEntry(line: string): HistoryEntry | undefined {
  const [, at, word, text, leaseId] = entryLine.exec(line) ?? [];
  const event = transitionNames.find((name) => name === word);
  if (at === undefined || event === undefined || text === undefined || leaseId === undefined)
    return undefined;
  return { at, event, leaseId, text };
}

function elapsed({ started, last_event_at: at }: ListenerState): string {
  const seconds = Math.max(0, (Date.parse(at) - Date.parse(started)) / 1000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
