import { describe, expect, it } from "vitest";
import { decodeLine } from "../../../../../bots/main/agents/stream-json/decoding/decode.ts";
import type { Line } from "../../../../../bots/main/agents/stream-json/decoding/line.ts";
import { samplesOf, versions } from "./samples.ts";

const kindsOf = (lines: readonly Line[]): string => lines.map(({ kind }) => kind).join(" ");

/** What each kind of sample means to us; the first pattern that fits speaks. */
const meanings: readonly (readonly [pattern: RegExp, kinds: string])[] = [
  [/:sub$/, ""],
  [/^assistant:text:error=/, "activity"],
  [/^assistant:text/, "activity text"],
  [/^assistant:tool_use/, "activity tool"],
  [/^user:tool_result/, "tool_end"],
  [/^user:/, ""],
  [/^stream_event:content_block_delta:text_delta/, "partial"],
  [/^stream_event/, "activity"],
  [/^result:/, "result"],
  [/^control_request:can_use_tool/, "ask"],
  [/^control_cancel_request/, "withdrawn"],
  [/^control_response/, "answered"],
  [/^system:init/, "init"],
  [/^system:api_retry/, "retry"],
  [/^system:background_tasks_changed/, "tasks"],
  [/^system:task_started/, "task_started"],
  [/^system:task_(updated|notification)/, "task_ended"],
  [/^system:session_state_changed:idle/, "session_idle"],
  [/^(system|command_lifecycle|conversation_reset)/, ""],
];

describe.each(versions)("the lines of Claude Code %s", (version) => {
  it.each(samplesOf(version))("mean what they say: $kind", ({ kind, line }) => {
    const meaning = meanings.find(([pattern]) => pattern.test(kind));
    expect(kindsOf(decodeLine(line))).toBe(meaning?.[1]);
  });

  it.each(samplesOf(version).filter(({ kind }) => kind.startsWith("result:")))(
    "tell how a turn ended: $kind",
    ({ kind, line }) => {
      const [decoded] = decodeLine(line);
      if (decoded?.kind !== "result") throw new Error("must be a result");
      const isError = kind.includes("is_error=True");
      const expected = kind.startsWith("result:error") ? "error" : isError ? "refused" : "success";
      expect(decoded.result.verdict).toBe(expected);
      expect(decoded.result.text).not.toBe("");
      expect(decoded.result.text).not.toContain("ede_diagnostic");
      expect(decoded.result.totalCostUsd).toBeTypeOf("number");
      expect(decoded.result.turnCostUsd === undefined).toBe(
        version !== "2.1.328" || line.includes('"duration_ms":0,"duration_api_ms":0'),
      );
    },
  );
});

describe("a line", () => {
  it("holds a permission with what the tool would do", () => {
    const input = { command: "touch a && echo b", description: "d" };
    const request = { subtype: "can_use_tool", tool_name: "Bash", input };
    const line = JSON.stringify({ type: "control_request", request_id: "r1", request });
    expect(decodeLine(line)).toEqual([
      {
        kind: "ask",
        request: {
          id: "r1",
          ask: {
            kind: "permission",
            tool: "Bash",
            summary: "command: touch a && echo b\ndescription: d",
          },
        },
        input,
      },
    ]);
  });

  it.each(versions)("holds a question with its options (%s)", (version) => {
    const sample = samplesOf(version).find(({ kind }) => kind.endsWith("AskUserQuestion"));
    const [decoded] = decodeLine(sample?.line ?? "");
    if (decoded?.kind !== "ask") throw new Error("must be a request");
    expect(decoded.request.ask).toEqual({
      kind: "question",
      questions: [
        {
          header: "Pick",
          question: "Which?",
          options: [
            { label: "A", description: "first" },
            { label: "B", description: "second" },
          ],
          multiSelect: false,
        },
      ],
    });
  });

  it("asks for a permission where its questions cannot be read", () => {
    const request = { subtype: "can_use_tool", tool_name: "AskUserQuestion", input: { q: 1 } };
    const line = JSON.stringify({ type: "control_request", request_id: "r1", request });
    expect(decodeLine(line)).toMatchObject([
      { request: { ask: { kind: "permission", summary: "q: 1" } } },
    ]);
  });

  it("holds the cost of a turn as the sum of its models", () => {
    const usage = { a: { costUSD: 0.5 }, b: { costUSD: 0.25 }, c: "odd" };
    const line = JSON.stringify({ type: "result", model_usage_since_last_result: usage });
    expect(decodeLine(line)).toMatchObject([{ result: { turnCostUsd: 0.75 } }]);
  });

  it("holds background work in the words of its tasks", () => {
    const tasks = [{ task_id: "t1", description: "builds" }, { task_id: "t2" }, "odd", 7];
    const line = JSON.stringify({ type: "system", subtype: "background_tasks_changed", tasks });
    const words = ["builds", "t2", "odd", "background work"];
    expect(decodeLine(line)).toEqual([{ kind: "tasks", tasks: words }]);
  });

  it("is no background work where its turn waits for it", () => {
    const task = { task_id: "t1", is_backgrounded: false };
    const line = JSON.stringify({ type: "system", subtype: "task_started", ...task });
    expect(decodeLine(line)).toEqual([]);
  });

  it.each([
    ["half a line", '{"type":"assistant","mess'],
    ["no JSON", "npm warn something"],
    ["a list", "[1,2,3]"],
    ["null", "null"],
    ["nothing", ""],
  ])("that is %s is broken", (_, line) => {
    expect(decodeLine(line)).toEqual([{ kind: "broken" }]);
  });

  it.each([
    ["type", { type: "news" }, "news"],
    ["subtype", { type: "system", subtype: "news" }, "system/news"],
    ["request without an id", { type: "control_request", request: {} }, "control_request/none"],
    ["type that is none", {}, "none"],
  ])("of an unknown %s is named", (_, event, label) => {
    expect(decodeLine(JSON.stringify(event))).toEqual([{ kind: "unknown", label }]);
  });

  it("may be nested deeper than it can be written again", () => {
    const depth = 50_000;
    const deep = `${'{"a":['.repeat(depth)}${"]}".repeat(depth)}`;
    const request = `{"subtype":"can_use_tool","tool_name":"X","input":${deep}}`;
    const line = `{"type":"control_request","request_id":"r","request":${request}}`;
    expect(() => decodeLine(line)).not.toThrow();
  });
});
