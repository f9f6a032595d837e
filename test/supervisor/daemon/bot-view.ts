import type { BotView } from "../../../supervisor/fleet/bot-view.ts";
import type { ChildState } from "../../../supervisor/fleet/state/child-record.ts";

interface Facts {
  readonly state?: ChildState;
  readonly botId?: number;
  readonly pid?: number | undefined;
  /** Sends per second. */
  readonly wants?: number;
}

/** A bot as the fleet shows it, with what a test needs to say about it. */
export function botView(name: string, facts: Facts = {}): BotView {
  const { state = "ready", botId = 1, wants } = facts;
  return {
    name,
    role: name === "main" ? "main" : "auxiliary",
    state,
    reason: "",
    since: 0,
    pid: "pid" in facts ? facts.pid : 1,
    identity: undefined,
    startedAt: undefined,
    silentSince: undefined,
    polling: { state: "reading" },
    botId,
    lastPollCompletedAt: undefined,
    errors: {},
    intake: undefined,
    sending:
      wants === undefined
        ? undefined
        : {
            waitingAnswers: 0,
            oldestSince: null,
            floodUntil: null,
            demandPerSecond: wants,
            trouble: null,
          },
    sessions: undefined,
    restarts: 0,
    crashes: 0,
    nextTryAt: undefined,
  };
}
