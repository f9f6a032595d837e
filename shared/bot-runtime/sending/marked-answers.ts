import type { BotContext } from "../define-bot.ts";

/** The doors by which a bot speaks in Markdown. */
export type Voice = Pick<BotContext, "answer" | "answerAt" | "editAt">;

/** The same doors, with a mark above everything that goes through them. @param mark Markdown; empty: none */
export function markedAnswers({ answer, answerAt, editAt }: Voice, mark: string): Voice {
  const marked = (text: string): string => (mark === "" ? text : `${mark}\n\n${text}`);
  return {
    answer: (ctx, text, ...rest) => answer(ctx, marked(text), ...rest),
    answerAt: (place, key, text, ...rest) => answerAt(place, key, marked(text), ...rest),
    editAt: (place, id, key, text, ...rest) => editAt(place, id, key, marked(text), ...rest),
  };
}
