import type { AgentQuestion, AgentReply } from "../agents/port.ts";
import { type Choices, questionWords } from "./question-words.ts";
import type { Words } from "./words.ts";

interface OpenQuestions {
  readonly questions: readonly AgentQuestion[];
  choices: string[][];
  open: number;
}

/** Questions of agents that people answer by buttons, one after the other. Forgotten with the process, as the requests are. */
export class QuestionBoard {
  private readonly requests = new Map<string, OpenQuestions>();

  add(request: string, questions: readonly AgentQuestion[]): void {
    this.requests.set(request, { questions, choices: questions.map(() => []), open: 0 });
  }

  forget(request: string): void {
    this.requests.delete(request);
  }

  /** @returns what to show next, or the reply when all is said; undefined where the press is out of date */
  press(
    request: string,
    question: number,
    option: number | undefined,
  ): { readonly shown: Words } | { readonly reply: AgentReply; readonly shown: Words } | undefined {
    const known = this.requests.get(request);
    const current = known?.questions[question];
    if (known === undefined || current === undefined || question !== known.open) return undefined;
    const chosen = (known.choices[question] ??= []);
    if (option !== undefined) {
      const label = current.options[option]?.label;
      if (label === undefined) return undefined;
      const at = chosen.indexOf(label);
      if (at >= 0) chosen.splice(at, 1);
      else chosen.push(label);
    }
    const isDone = current.multiSelect ? option === undefined : chosen.length > 0;
    if (isDone) known.open += 1;
    const { questions, choices, open } = known;
    const shown = questionWords(request, questions, choices, open);
    return open < questions.length ? { shown } : { reply: replyOf(questions, choices), shown };
  }
}

function replyOf(questions: readonly AgentQuestion[], choices: Choices): AgentReply {
  const answers = questions.map(({ question }, index): [string, string] => [
    question,
    (choices[index] ?? []).join(", "),
  ]);
  return { kind: "answers", answers: Object.fromEntries(answers) };
}
