import { describe, expect, it } from "vitest";
import { BackgroundTasks } from "../../../../../bots/main/agents/stream-json/background-tasks.ts";
import { CostMeter } from "../../../../../bots/main/agents/stream-json/cost-meter.ts";
import type { TurnResult } from "../../../../../bots/main/agents/stream-json/decoding/line.ts";
import { IgnoredLines } from "../../../../../bots/main/agents/stream-json/ignored-lines.ts";
import { userLine } from "../../../../../bots/main/agents/stream-json/input.ts";
import { OpenRequests } from "../../../../../bots/main/agents/stream-json/open-requests.ts";

const result = (facts: Partial<TurnResult>): TurnResult => ({
  verdict: "success",
  text: "",
  turns: 1,
  queuedTurns: 0,
  turnCostUsd: undefined,
  totalCostUsd: undefined,
  usage: undefined,
  ...facts,
});

describe("the cost of a turn", () => {
  it.each([
    ["what the version says of this turn", [{ turnCostUsd: 0.5, totalCostUsd: 9 }], 0.5],
    ["nothing, where it cost nothing", [{ turnCostUsd: 0, totalCostUsd: 9 }], 0],
    ["unknown, where nobody says", [{}], undefined],
    ["the first total of a process", [{ totalCostUsd: 0.25 }], 0.25],
    ["the sum of its results", [{ turnCostUsd: 0.5 }, { turnCostUsd: 0.25 }], 0.75],
  ] as const)("is %s", (_, results, costUsd) => {
    const meter = new CostMeter();
    for (const each of results) meter.add(result(each));
    expect(meter.take().costUsd).toBe(costUsd);
  });

  it("is the difference of totals, also where a total begins anew", () => {
    const meter = new CostMeter();
    const costs = [0.25, 0.75, 0.75, 0.5].map((totalCostUsd) => {
      meter.add(result({ totalCostUsd }));
      return meter.take().costUsd;
    });
    expect(costs).toEqual([0.25, 0.5, 0, 0.5]);
  });

  it("adds up tokens", () => {
    const meter = new CostMeter();
    meter.add(result({ usage: { inputTokens: 1, outputTokens: 2 } }));
    meter.add(result({ usage: { inputTokens: 10, outputTokens: 20 } }));
    expect(meter.take().usage).toEqual({ inputTokens: 11, outputTokens: 22 });
    expect(meter.take().usage).toBeUndefined();
  });
});

describe("background work", () => {
  it("is told in pairs by older versions", () => {
    const tasks = new BackgroundTasks();
    expect(tasks.take({ kind: "task_started", id: "a", description: "builds" })).toBe(true);
    expect(tasks.take({ kind: "task_started", id: "b", description: "tests" })).toBe(true);
    expect(tasks.take({ kind: "task_ended", id: "a" })).toBe(true);
    expect(tasks.take({ kind: "task_ended", id: "a" })).toBe(false);
    expect(tasks.descriptions).toEqual(["tests"]);
  });

  it("is told as a list by the newest, and the pairs beside it are not counted twice", () => {
    const tasks = new BackgroundTasks();
    tasks.take({ kind: "task_started", id: "a", description: "builds" });
    expect(tasks.take({ kind: "tasks", tasks: ["builds"] })).toBe(false);
    expect(tasks.take({ kind: "tasks", tasks: [] })).toBe(true);
    expect(tasks.take({ kind: "task_started", id: "b", description: "tests" })).toBe(false);
    expect(tasks.descriptions).toEqual([]);
  });
});

describe("an open request", () => {
  const input = { command: "ls", deep: { a: 1 } };
  const permission = { id: "r", ask: { kind: "permission", tool: "Bash", summary: "ls" } } as const;
  const question = { id: "r", ask: { kind: "question", questions: [] } } as const;

  it.each([
    [permission, { kind: "allow" }, { behavior: "allow", updatedInput: input }],
    [permission, { kind: "deny", message: "no!" }, { behavior: "deny", message: "no!" }],
    [permission, { kind: "deny", message: "" }, { behavior: "deny", message: "The user said no." }],
    [
      permission,
      { kind: "answers", answers: { q: "words" } },
      { behavior: "deny", message: "words" },
    ],
    [
      question,
      { kind: "answers", answers: { q: "A" } },
      { behavior: "allow", updatedInput: { ...input, answers: { q: "A" } } },
    ],
  ] as const)("of %o is answered by %o", (request, reply, expected) => {
    const requests = new OpenRequests();
    requests.add(request, input);
    expect(requests.answer("r", reply)).toEqual(expected);
    expect(requests.answer("r", reply)).toBeUndefined();
  });

  it("is not answered after it was withdrawn", () => {
    const requests = new OpenRequests();
    requests.add(permission, input);
    expect(requests.withdraw("r")).toBe(true);
    expect(requests.withdraw("r")).toBe(false);
    expect(requests.answer("r", { kind: "allow" })).toBeUndefined();
  });
});

describe("a message", () => {
  it.each([
    ["words", { text: "a\nb\u2028", images: [] }, [{ type: "text", text: "a\nb\u2028" }]],
    [
      "a picture alone",
      { text: "", images: [{ mediaType: "image/png", base64: "AA==" }] },
      [{ type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } }],
    ],
  ])("of %s is one line", (_, message, content) => {
    const line = userLine(message);
    expect(line).not.toContain("\n");
    expect(JSON.parse(line)).toEqual({ type: "user", message: { role: "user", content } });
  });
});

describe("what was not understood", () => {
  it("is counted by kind, and new kinds without end are counted together", () => {
    const ignored = new IgnoredLines();
    expect(ignored.note("news")).toBe(true);
    expect(ignored.note("news")).toBe(false);
    for (let count = 0; count < 200; count += 1) ignored.note(`kind ${count}`);
    expect(ignored.counts["news"]).toBe(2);
    expect(ignored.counts["others"]).toBe(101);
    expect(Object.keys(ignored.counts)).toHaveLength(101);
  });
});
