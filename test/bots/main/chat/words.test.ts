import { describe, expect, it } from "vitest";
import { QuestionBoard } from "../../../../bots/main/chat/question-board.ts";
import { endingWords, growingWords, sayingWords } from "../../../../bots/main/chat/words.ts";
import type { Saying } from "../../../../bots/main/sessions/ports.ts";

const minuteMs = 60_000;

const buttonsOf = (saying: Saying): string[] =>
  (sayingWords(saying).keyboard?.inline_keyboard ?? []).flat().map(({ text }) => text);

const stalled = { kind: "stalled", sessionId: "a", session: "w", turn: 1 } as const;
const interrupted = { kind: "interrupted", session: "w", turn: 1, turnKey: "a/1" } as const;

const option = (label: string) => ({ label, description: "" });

describe("what sessions say", () => {
  it.each([
    [59_999, "Resuming session..."],
    [15 * minuteMs + 59_000, "Resuming session (idle for 15 min)..."],
    [60 * minuteMs, "Resuming session (idle for 1 h)..."],
    [26 * 60 * minuteMs, "Resuming session (idle for 1 d 2 h)..."],
  ])("after %i ms of idling: %s", (idleMs, words) => {
    expect(sayingWords({ kind: "resuming", idleMs })).toEqual({ markdown: words });
  });

  it.each<[Saying, readonly string[]]>([
    [{ kind: "waiting_for_seat", sessionId: "a", session: "w", limit: 1 }, ["⏹ Stop"]],
    [{ ...stalled, silentMs: 1, elapsedMs: 2, tool: "Bash" }, ["⏹ Stop"]],
    [
      { kind: "resume_failed", sessionId: "a", session: "w", reason: "", waiting: 1 },
      ["Try again", "Start fresh"],
    ],
    [{ ...interrupted, canResume: true, shown: "", waiting: 0 }, ["Resume", "Discard"]],
    [{ ...interrupted, canResume: false, shown: "", waiting: 0 }, []],
    [
      {
        kind: "request",
        request: "r",
        session: "w",
        ask: { kind: "permission", tool: "Bash", summary: "rm" },
      },
      ["Allow", "Deny"],
    ],
    [{ kind: "topic_gone", sessions: [{ id: "a", name: "w" }] }, ["Go on here"]],
    [{ kind: "stop_cut", token: "t", cancelled: 2, lost: 1 }, ["↩️ Restore"]],
    [{ kind: "stop_cut", token: "t", cancelled: 0, lost: 1 }, []],
    [
      {
        kind: "topic_gone",
        sessions: [
          { id: "a", name: "w" },
          { id: "b", name: "x" },
        ],
      },
      ["Go on here with w", "Go on here with x"],
    ],
  ])("%j has the buttons %j", (saying, buttons) => {
    expect(buttonsOf(saying)).toEqual(buttons);
  });

  it("says of a stop that was cut short what it has ended", () => {
    const { markdown } = sayingWords({ kind: "stop_cut", token: "t", cancelled: 2, lost: 1 });
    expect(markdown).toBe(
      "⏹ The bot was restarted in the midst of a stop.\n2 queued messages cancelled.\n1 message cancelled on its way; to have it, send it again.",
    );
  });

  it("names the sessions of a topic that is gone, and what to do", () => {
    const [w, x] = [
      { id: "a", name: "w" },
      { id: "b", name: "x" },
    ];
    expect(sayingWords({ kind: "topic_gone", sessions: [w] }).markdown).toMatch(
      /^⚠️ The topic of session 'w' is closed or gone\..* \/session w, /,
    );
    expect(sayingWords({ kind: "topic_gone", sessions: [w, x] }).markdown).toMatch(
      /^⚠️ The topic of the sessions 'w', 'x' is closed or gone\..* \/session <name>, /,
    );
  });

  it("shows what had been shown of an interrupted turn: it stands in its place", () => {
    const { markdown } = sayingWords({
      ...interrupted,
      canResume: true,
      shown: "half",
      waiting: 2,
    });
    expect(markdown).toMatch(/^half\n\n⚠️ .* 2 messages wait behind it\.$/);
  });
});

describe("a turn", () => {
  it.each([
    ["completed", "fine", "fine"],
    ["completed", " ", "The agent ended without a word."],
    ["failed", "API Error", "⚠️ API Error"],
    ["failed", "", "⚠️ The agent failed and gave no reason."],
    ["aborted", "half", "half\n\n⏹ Stopped."],
    ["aborted", "", undefined],
  ] as const)("%s with %j ends as %j", (outcome, text, words) => {
    expect(endingWords({ outcome, text })).toBe(words);
  });

  it("grows with what the agent does, whatever stands in it", () => {
    expect(growingWords("text", "Bash: echo `x`\nls")).toBe("text\n\n⚙️ `Bash: echo 'x' ls`");
    expect(growingWords("", undefined)).toBe("");
  });
});

describe("questions", () => {
  const one = {
    header: "",
    question: "Colour?",
    options: [option("Red"), option("Blue")],
    multiSelect: false,
  };
  const many = {
    header: "",
    question: "Toppings?",
    options: [option("Ham"), option("Egg")],
    multiSelect: true,
  };

  it("are answered one after the other; several choices are toggled until they are done", () => {
    const board = new QuestionBoard();
    board.add("r", [one, many]);
    expect(board.press("r", 1, 0)).toBeUndefined();
    expect(board.press("r", 0, 9)).toBeUndefined();
    expect(board.press("r", 0, 1)?.shown.markdown).toContain("Colour? → **Blue**");
    expect(board.press("r", 0, 0)).toBeUndefined();
    board.press("r", 1, 0);
    board.press("r", 1, 1);
    board.press("r", 1, 0);
    expect(board.press("r", 1, undefined)).toMatchObject({
      reply: { kind: "answers", answers: { "Colour?": "Blue", "Toppings?": "Egg" } },
    });
    board.forget("r");
    expect(board.press("r", 0, 0)).toBeUndefined();
  });
});
