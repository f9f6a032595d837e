import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import type { AgentQuestion } from "../agents/port.ts";
import { type Button, keyboard } from "./press.ts";

/** Labels chosen so far, by question. */
export type Choices = readonly (readonly string[])[];

/** The first question that has no answer yet, with its options as buttons; answered ones above it. */
export function questionWords(
  request: string,
  questions: readonly AgentQuestion[],
  choices: Choices,
  open = 0,
): { readonly markdown: string; readonly keyboard?: InlineKeyboardMarkup } {
  const answered = questions
    .slice(0, open)
    .map(({ question }, index) => `${question} → **${(choices[index] ?? []).join(", ")}**`);
  const current = questions[open];
  if (current === undefined) return { markdown: `❓ ${answered.join("\n")}` };
  const chosen = choices[open] ?? [];
  const options = current.options.map(
    ({ label, description }) => `- **${label}**${description === "" ? "" : `: ${description}`}`,
  );
  const rows = current.options.map(({ label }, option): readonly Button[] => [
    [
      `${chosen.includes(label) ? "✓ " : ""}${label}`.slice(0, 60),
      { kind: "question", request, question: open, option },
    ],
  ]);
  const done: readonly Button[] = [
    ["Done", { kind: "question", request, question: open, option: undefined }],
  ];
  const skip: readonly Button[] = [["Skip", { kind: "permission", request, isAllowed: false }]];
  return {
    markdown: ["❓", ...answered, current.question, "", ...options].join("\n"),
    keyboard: keyboard(...rows, ...(current.multiSelect ? [done] : []), skip),
  };
}
