import type { BotContext } from "../define-bot.ts";

/** The doors by which a bot speaks in Markdown. */
export type Voice = Pick<BotContext, "answer" | "answerAt" | "editAt">;

/** The same doors, with a mark above everything that goes through them. @param mark Markdown; empty: none */
export function markedAnswers({ answer, answerAt, editAt }: Voice, mark: string): Voice {
  const marked = (text: string): string => (mark === "" ? text : `${mark}\n\n${text}`);
  return {
    answer: (ctx, text, keyboard) => answer(ctx, marked(text), keyboard),
    answerAt: (place, key, text, keyboard) => answerAt(place, key, marked(text), keyboard),
    editAt: (place, id, key, text, keyboard) => editAt(place, id, key, marked(text), keyboard),
  };
}
