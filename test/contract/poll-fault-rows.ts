import type { PollLimits } from "../../shared/intake/polling/poll-limits.ts";
import type { FaultOrder } from "../../supervisor/sandbox/faults/fault.ts";

/** Waits that take minutes in the real policy; the others are the real ones. */
export const shortened: Partial<PollLimits> = {
  tokenConfirmMs: 300,
  tokenCheckMs: 600,
  webhookCheckMs: 400,
  // Longer than the 3 s for which Telegram parks a quick repeat.
  silenceMs: 3_500,
};

export interface Row {
  readonly fault: string;
  readonly orders: readonly Omit<FaultOrder, "bot">[];
  /** Seconds to the next getUpdates after each failed one: at least, at most. */
  readonly waits: readonly (readonly [number, number])[];
  /** States after the fault, when polling works again. */
  readonly states: readonly string[];
  readonly level: "warn" | "error";
  readonly line: RegExp;
}

const growing = [
  [0.12, 0.5],
  [0.25, 1],
  [0.5, 2],
  [1, 4],
] as const;
const poll = { method: "getUpdates" } as const;
const authBack = ["auth_failed", "polling"];

export const matrix: readonly Row[] = [
  {
    fault: "401 for a while",
    orders: [
      { ...poll, kind: "status", status: 401, description: "Unauthorized" },
      { method: "getMe", kind: "status", status: 401, description: "Unauthorized", times: 2 },
    ],
    waits: [[0.3 + 2 * 0.6, 1.6]],
    states: authBack,
    level: "error",
    line: /Telegram answered getUpdates with 401: Unauthorized kind=auth/,
  },
  {
    fault: "404 once",
    orders: [{ ...poll, kind: "status", status: 404, description: "Not Found" }],
    waits: [[0.3, 0.4]],
    states: authBack,
    level: "error",
    line: /Telegram answered getUpdates with 404: Not Found kind=auth/,
  },
  {
    fault: "429 retry_after 2",
    orders: [{ ...poll, kind: "retry_after", retry_after: 2 }],
    waits: [[2, 2.5]],
    states: [],
    level: "warn",
    line: /Telegram asks to wait 2 s before the next getUpdates kind=flood/,
  },
  {
    fault: "502 HTML x4",
    orders: [{ ...poll, kind: "html", times: 4 }],
    waits: growing,
    states: [],
    level: "warn",
    line: /Telegram's gateway answered getUpdates with 502 kind=server/,
  },
  {
    fault: "reset x4",
    orders: [{ ...poll, kind: "reset_before", times: 4 }],
    waits: growing,
    states: [],
    level: "warn",
    line: /Telegram cannot be reached for getUpdates \(ECONNRESET\) kind=network/,
  },
  {
    fault: "reset after the work",
    orders: [{ ...poll, kind: "reset_after" }],
    waits: growing.slice(0, 1),
    states: [],
    level: "warn",
    line: /Telegram cannot be reached for getUpdates \(ECONNRESET\) kind=network/,
  },
  {
    fault: "200 with HTML",
    orders: [{ ...poll, kind: "html200" }],
    waits: growing.slice(0, 1),
    states: [],
    level: "warn",
    line: /The answer to getUpdates was no Bot API answer kind=bad_response/,
  },
  {
    fault: "truncated body",
    orders: [{ ...poll, kind: "truncated" }],
    waits: growing.slice(0, 1),
    states: [],
    level: "warn",
    line: /Telegram cannot be reached for getUpdates \(ECONNRESET\) kind=network/,
  },
  {
    fault: "200 null",
    orders: [{ ...poll, kind: "null" }],
    waits: growing.slice(0, 1),
    states: [],
    level: "warn",
    line: /The answer to getUpdates was no Bot API answer kind=bad_response/,
  },
  {
    fault: "hang",
    orders: [{ ...poll, kind: "hang" }],
    waits: growing.slice(0, 1),
    states: [],
    level: "warn",
    line: /No answer to getUpdates in time kind=timeout/,
  },
  {
    fault: "400, our own mistake",
    orders: [{ ...poll, kind: "status", status: 400, description: "Bad Request: x" }],
    waits: [[0.5, 0.6]],
    states: ["misconfigured", "polling"],
    level: "error",
    line: /Telegram answered getUpdates with 400: Bad Request: x kind=bad_request/,
  },
];
