import { redact } from "../../../shared/redact.ts";
import type { RawParameters } from "../methods/call/method.ts";

/** One call as it ended. Tokens are never in it. */
export interface CallRecord {
  readonly seq: number;
  /** When it arrived, ISO-8601. */
  readonly at: string;
  readonly bot?: number;
  readonly method: string;
  readonly parameters: RawParameters;
  /** Names that the method does not know; Telegram ignores them without a word. */
  readonly unknownParameters?: readonly string[];
  /** HTTP status; 0 where no answer was sent. */
  readonly status: number;
  readonly error?: string;
  readonly durationMs: number;
  readonly fault?: string;
  /** The caller had closed the connection before it could be answered. */
  readonly callerGone?: true;
}

export interface CallFilter {
  readonly bot?: number | undefined;
  readonly method?: string | undefined;
  /** Only calls with a higher `seq`. */
  readonly since?: number | undefined;
  /** The newest so many. */
  readonly limit?: number | undefined;
}

const maxCalls = 10_000;
const secretParameters: readonly string[] = ["secret_token"];

/** The record of all calls, bounded. */
export class Journal {
  private calls: CallRecord[] = [];
  private lastSeq = 0;

  add(call: Omit<CallRecord, "seq">): CallRecord {
    this.lastSeq += 1;
    const recorded = { seq: this.lastSeq, ...call, parameters: withoutSecrets(call.parameters) };
    this.calls.push(recorded);
    // Cut in halves, not one by one: constant work per call.
    if (this.calls.length > 2 * maxCalls) this.calls = this.calls.slice(-maxCalls);
    return recorded;
  }

  list(filter: CallFilter): readonly CallRecord[] {
    const method = filter.method?.toLowerCase();
    const found = this.calls
      .slice(-maxCalls)
      .filter(
        (call) =>
          (filter.bot === undefined || call.bot === filter.bot) &&
          (method === undefined || call.method.toLowerCase() === method) &&
          (filter.since === undefined || call.seq > filter.since),
      );
    return found.slice(-(filter.limit ?? maxCalls));
  }
}

function withoutSecrets(parameters: RawParameters): RawParameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      secretParameters.includes(name) ? "<redacted>" : redact(value),
    ]),
  );
}
