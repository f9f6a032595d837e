import { type TransitionName, transitionNames } from "./listener-state.ts";
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
  const holder = lease?.id === state.lease ? lease.holder : undefined;
  const who = holder === undefined ? "an unknown process" : `pid ${holder.pid} on ${holder.host}`;
  const by = state.last_event_by ?? "an unknown process";
  const earlier = (cause: string | undefined): string =>
    cause === undefined ? "" : `, while stopping (${cause})`;
  const text = ((): string => {
    switch (state.last_event) {
      case "start":
        return `${holder?.label ?? "?"}, ${who}, epoch ${lease?.epoch ?? "?"}`;
      case "running":
        return `${elapsed(state.started, state.last_event_at)} after the start`;
      case "stopping":
        return state.cause ?? "no cause given";
      case "stopped":
        return `${state.cause ?? "no cause given"}; ${elapsed(state.started, state.last_event_at)} after the start`;
      case "failed":
        return `${state.error ?? "no error given"}${earlier(state.cause === state.error ? undefined : state.cause)}`;
      case "close":
        return `by ${by}`;
      case "crashed":
        return `${who} was gone with its lease active${earlier(state.cause === "crashed" ? undefined : state.cause)}; found by ${by}`;
    }
  })();
  return { at: state.last_event_at, event: state.last_event, leaseId: state.lease, text: plainText(text) };
}

export function formatEntry(entry: HistoryEntry): string {
  return `- ${entry.at} **${entry.event}** ${entry.text} [lease ${entry.leaseId}]`;
}

const entryLine = new RegExp(
  `^- (\\S+) \\*\\*(${transitionNames.join("|")})\\*\\* (.*) \\[lease (\\S+)\\]$`,
);

/** Undefined for anything else that stands in the file: headings, remarks of people, torn lines. */
export function parseEntry(line: string): HistoryEntry | undefined {
  const [, at, event, text, leaseId] = entryLine.exec(line) ?? [];
  if (at === undefined || event === undefined || text === undefined || leaseId === undefined)
    return undefined;
  return { at, event: event as TransitionName, leaseId, text };
}

function elapsed(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
