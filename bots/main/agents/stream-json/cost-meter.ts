import type { TurnUsage } from "../port.ts";
import type { TurnResult } from "./decoding/line.ts";

export interface TurnCost {
  readonly costUsd: number | undefined;
  readonly usage: TurnUsage | undefined;
}

/**
 * What one turn cost, of results that tell it in three ways: of this turn (2.1.328, whose total goes on over resumes), or
 * a total of the process (older ones), or not at all. Pure: one per process.
 */
export class CostMeter {
  private totalUsd = 0;
  private turn: TurnCost = { costUsd: undefined, usage: undefined };

  /** Several results may belong to one turn. */
  add(result: TurnResult): void {
    const costUsd = result.turnCostUsd ?? this.sinceLast(result.totalCostUsd);
    this.totalUsd = result.totalCostUsd ?? this.totalUsd;
    this.turn = {
      costUsd: plus(this.turn.costUsd, costUsd),
      usage:
        result.usage === undefined || this.turn.usage === undefined
          ? (result.usage ?? this.turn.usage)
          : {
              inputTokens: this.turn.usage.inputTokens + result.usage.inputTokens,
              outputTokens: this.turn.usage.outputTokens + result.usage.outputTokens,
            },
    };
  }

  /** The turn is over: what it cost. */
  take(): TurnCost {
    const { turn } = this;
    this.turn = { costUsd: undefined, usage: undefined };
    return turn;
  }

  /** A total that fell was begun anew by the CLI. */
  private sinceLast(totalUsd: number | undefined): number | undefined {
    if (totalUsd === undefined) return undefined;
    return totalUsd >= this.totalUsd ? totalUsd - this.totalUsd : totalUsd;
  }
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (b ?? a) : a + b;
}
