import type { Fields } from "../../../../../shared/fields.ts";
import type { TurnUsage } from "../../port.ts";
import { fieldsOf, listOf, numberOf, stringOf } from "./fields.ts";
import type { TurnResult } from "./line.ts";

/** The end of a turn. An error of the API comes as a "success" with `is_error`. */
export function decodeResult(event: Fields): TurnResult {
  const subtype = stringOf(event["subtype"]) ?? "success";
  const isError = event["is_error"] === true;
  const verdict = subtype !== "success" ? "error" : isError ? "refused" : "success";
  return {
    verdict,
    text: stringOf(event["result"]) ?? (verdict === "success" ? "" : wordsOf(event, subtype)),
    turns: numberOf(event["num_turns"]),
    queuedTurns: numberOf(event["queued_turn_count"]) ?? 0,
    turnCostUsd: turnCost(event["model_usage_since_last_result"]),
    totalCostUsd: numberOf(event["total_cost_usd"]),
    usage: usageOf(event["usage"]),
  };
}

function wordsOf(event: Fields, subtype: string): string {
  const errors = listOf(event["errors"])
    .flatMap((error) => stringOf(error) ?? [])
    // Notes of the CLI's makers to themselves.
    .filter((error) => !error.startsWith("[ede_diagnostic]"));
  return errors.length > 0 ? errors.join("\n") : `The agent ended its turn: ${subtype}.`;
}

/** Undefined on versions that do not say; an empty record is a turn that cost nothing. */
function turnCost(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.values(fieldsOf(value)).reduce<number>(
    (sum, model) => sum + (numberOf(fieldsOf(model)["costUSD"]) ?? 0),
    0,
  );
}

/** Everything that was read counts as input, from the cache or not. */
function usageOf(value: unknown): TurnUsage | undefined {
  const usage = fieldsOf(value);
  const outputTokens = numberOf(usage["output_tokens"]);
  if (outputTokens === undefined) return undefined;
  const inputTokens = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]
    .map((key) => numberOf(usage[key]) ?? 0)
    .reduce((sum, count) => sum + count, 0);
  return { inputTokens, outputTokens };
}
