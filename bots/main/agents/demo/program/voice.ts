import { randomUUID } from "node:crypto";
import { systemClock } from "../../../../../shared/clock.ts";

export interface TurnFacts {
  readonly text: string;
  readonly turns: number;
  readonly inputWords: number;
}

/** What the demo agent charges for a turn, so that costs can be seen: nobody pays it. */
const turnCostUsd = 0.01;

/** Everything that the demo agent prints: lines of stream-json, as the newest Claude Code writes them. */
export class Voice {
  private readonly sessionId: string;
  private readonly model: string;
  private readonly wordMs: number;
  private totalCostUsd = 0;
  private results = 0;

  constructor(sessionId: string, model: string, wordMs: number) {
    this.sessionId = sessionId;
    this.model = model;
    this.wordMs = wordMs;
  }

  line(event: object): void {
    this.raw(`${JSON.stringify({ ...event, session_id: this.sessionId, uuid: randomUUID() })}\n`);
  }

  raw(text: string): void {
    process.stdout.write(text);
  }

  init(): void {
    this.line({ type: "system", subtype: "init", cwd: process.cwd(), model: this.model });
  }

  /** A block of the answer, word by word, then as a whole. */
  async say(text: string, signal: AbortSignal, wordMs = this.wordMs): Promise<void> {
    this.stream({ type: "content_block_start", index: 0, content_block: { type: "text" } });
    for (const word of text.match(/\s*\S+\s*$|\s*\S+/g) ?? []) {
      if (wordMs > 0) await systemClock.sleep(wordMs, signal);
      signal.throwIfAborted();
      const delta = { type: "text_delta", text: word };
      this.stream({ type: "content_block_delta", index: 0, delta });
    }
    this.block({ type: "text", text });
    this.stream({ type: "content_block_stop", index: 0 });
  }

  block(block: object, facts: object = {}): void {
    const message = { id: "msg_demo", role: "assistant", model: this.model, content: [block] };
    this.line({ type: "assistant", message, parent_tool_use_id: null, ...facts });
  }

  toolResult(id: string, content: string, isError: boolean): void {
    const block = { tool_use_id: id, type: "tool_result", content, is_error: isError };
    this.line({ type: "user", message: { role: "user", content: [block] } });
  }

  answered({ text, turns, inputWords }: TurnFacts): void {
    this.result({
      subtype: "success",
      is_error: false,
      terminal_reason: "completed",
      num_turns: turns,
      result: text,
      costUsd: turnCostUsd,
      usage: { input_tokens: inputWords, output_tokens: text.split(/\s+/).length },
    });
  }

  interrupted(): void {
    const content = [{ type: "text", text: "[Request interrupted by user]" }];
    this.line({ type: "user", message: { role: "user", content } });
    this.result({
      subtype: "error_during_execution",
      is_error: true,
      terminal_reason: "aborted_streaming",
      num_turns: 2,
      errors: ["[ede_diagnostic] result_type=user last_content_type=n/a stop_reason=null"],
      costUsd: 0,
    });
  }

  /** As errors of the API come: a success that is an error. */
  refused(text: string): void {
    this.block({ type: "text", text }, { error: "overloaded" });
    this.result({
      subtype: "success",
      is_error: true,
      api_error_status: 529,
      terminal_reason: "api_error",
      num_turns: 1,
      result: text,
      costUsd: 0,
    });
  }

  notFound(id: string): void {
    this.result({
      subtype: "error_during_execution",
      is_error: true,
      num_turns: 0,
      errors: [`No conversation found with session ID: ${id}`],
      costUsd: 0,
    });
  }

  private result({
    costUsd,
    ...facts
  }: {
    readonly costUsd: number;
    [key: string]: unknown;
  }): void {
    this.totalCostUsd += costUsd;
    this.line({
      total_cost_usd: this.totalCostUsd,
      ...facts,
      type: "result",
      queued_turn_count: 0,
      result_index: this.results,
      model_usage_since_last_result: costUsd === 0 ? {} : { [this.model]: { costUSD: costUsd } },
    });
    this.results += 1;
  }

  private stream(event: object): void {
    this.line({ type: "stream_event", event, parent_tool_use_id: null });
  }
}
