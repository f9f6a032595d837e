import type { AgentEvent, TurnEnd, TurnOutcome } from "../port.ts";
import { CostMeter } from "./cost-meter.ts";
import type { TurnResult } from "./decoding/line.ts";

/**
 * `written`: our message is out, and no turn has begun since. `held`: a result came without one, so it may be that of
 * an earlier turn; if ours begins within a moment, it was. `self`: the agent works without a message of ours.
 */
type Phase = "idle" | "written" | "running" | "held" | "self";

/** Whether a turn runs, by the rule that holds for all versions. Pure: takes what happened, returns what to tell. */
export class Turn {
  private phase: Phase = "idle";
  private isInterrupted = false;
  private isOfInterrupted = false;
  private heldResult: TurnResult | undefined;
  private readonly costs = new CostMeter();

  get isIdle(): boolean {
    return this.phase === "idle";
  }

  /** What it prints now may be of a turn that was interrupted: until the next one says that it begins. */
  get isLate(): boolean {
    return this.isOfInterrupted;
  }

  /** Whether somebody must call `release` in a moment, unless more is heard. */
  get isHeld(): boolean {
    return this.phase === "held";
  }

  written(): readonly AgentEvent[] {
    this.phase = "written";
    return [{ kind: "turn_start", selfStarted: false }];
  }

  /** The next end that is not a success is the interrupt's doing. */
  interrupted(): void {
    this.isInterrupted = true;
  }

  /** The message never reached the agent. */
  withdrawn(): readonly AgentEvent[] {
    this.isInterrupted = true;
    return [this.finish(undefined)];
  }

  /** A line that only a turn prints; `init` is the first of each. */
  heard(isInit: boolean): readonly AgentEvent[] {
    if (isInit) this.isOfInterrupted = false;
    if (this.phase === "idle") {
      if (this.isLate) return [];
      this.phase = "self";
      return [{ kind: "turn_start", selfStarted: true }];
    }
    if (isInit && (this.phase === "written" || this.phase === "held")) {
      this.phase = "running";
      this.heldResult = undefined;
    }
    return [];
  }

  ended(result: TurnResult): readonly AgentEvent[] {
    this.costs.add(result);
    if (this.phase === "idle") {
      if (this.isLate) return [];
      // One that nobody waits for: work that was over before it was announced.
      return [...this.heard(false), this.finish(result)];
    }
    if (this.isInterrupted) return [this.finish(result)];
    if (result.queuedTurns > 0) {
      if (this.phase === "running") this.phase = "written";
      return [];
    }
    if (this.phase === "written" || this.phase === "held") {
      this.phase = "held";
      this.heldResult = result;
      return [];
    }
    return [this.finish(result)];
  }

  /** No turn has begun in the moment after a held result: it was ours. */
  release(): readonly AgentEvent[] {
    return this.heldResult === undefined ? [] : [this.finish(this.heldResult)];
  }

  /** It says that nothing runs. Also ends what looked like a turn and has no result. */
  sessionIdle(): readonly AgentEvent[] {
    if (this.phase === "held") return this.release();
    return this.phase === "self" ? [this.finish(undefined)] : [];
  }

  private finish(result: TurnResult | undefined): TurnEnd {
    const outcome = outcomeOf(result, this.isInterrupted);
    this.phase = "idle";
    this.isOfInterrupted = this.isInterrupted;
    this.isInterrupted = false;
    this.heldResult = undefined;
    const text = outcome === "aborted" ? "" : (result?.text ?? "");
    return { kind: "turn_end", outcome, text, ...this.costs.take() };
  }
}

function outcomeOf(result: TurnResult | undefined, isInterrupted: boolean): TurnOutcome {
  if (result === undefined) return isInterrupted ? "aborted" : "completed";
  if (result.verdict === "success") return "completed";
  return result.verdict === "error" && isInterrupted ? "aborted" : "failed";
}
