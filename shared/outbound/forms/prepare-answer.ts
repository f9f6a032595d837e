import type { InputRichMessage } from "../../telegram/bot-api.ts";
import { toPlainText } from "../render/classic/plain-text.ts";
import { renderClassic } from "../render/classic/render-classic.ts";
import type { FormattedText } from "../render/formatted-text.ts";
import { readMarkdown } from "../render/markdown/read-markdown.ts";
import { renderRich } from "../render/rich/render-rich.ts";
import { telegramLimits } from "../split/limits.ts";
import { type SplitSettings, splitAnswer } from "../split/split-answer.ts";
import { chooseForm, type Form, type FormSettings } from "./choose-form.ts";

/** What to try after Telegram refused a form: a known refusal only, never after an unknown outcome. */
export const nextForm: Readonly<Record<Form, Form | undefined>> = {
  rich: "classic",
  classic: "plain",
  plain: undefined,
};

export interface AnswerSettings extends FormSettings {
  readonly split?: SplitSettings;
  /** Of the `.md` file that a very long answer becomes; default `answer.md`. */
  readonly fileName?: string;
}

/** An answer, ready to be sent: always the whole text. No parts means that there is nothing to show. */
export type PreparedAnswer =
  | { readonly form: "rich"; readonly richMessage: InputRichMessage }
  | {
      readonly form: "classic" | "plain";
      readonly kind: "messages";
      readonly parts: readonly FormattedText[];
    }
  | {
      readonly form: "classic" | "plain";
      readonly kind: "document";
      readonly preview: FormattedText;
      /** The Markdown as it was written. */
      readonly file: { readonly name: string; readonly content: string };
    };

/**
 * Reads a Markdown answer and prepares it in the form that suits it.
 * @param form the form to use instead: the next one (`nextForm`) after a refusal
 */
export function prepareAnswer(
  markdown: string,
  settings: AnswerSettings,
  form?: Form,
): PreparedAnswer {
  const document = readMarkdown(markdown);
  const classic = renderClassic(document);
  if (form === undefined || form === "rich") {
    const rich = renderRich(document);
    const { maxLength: maxClassicLength } = settings.split?.limits ?? telegramLimits;
    const chosen =
      form ?? chooseForm(document, classic, rich.size, { ...settings, maxClassicLength });
    if (chosen === "rich") return { form: "rich", richMessage: rich.message };
  }
  const used = form === "plain" ? "plain" : "classic";
  const text = used === "plain" ? toPlainText(classic) : classic;
  const verdict = splitAnswer(text, settings.split);
  if (verdict.kind === "messages") return { form: used, ...verdict };
  return {
    form: used,
    ...verdict,
    file: { name: settings.fileName ?? "answer.md", content: markdown },
  };
}

/** A single refused part without its entities: what goes out instead of it when the parts before are delivered. */
export function plainParts(
  part: FormattedText,
  settings: SplitSettings = {},
): readonly FormattedText[] {
  const verdict = splitAnswer(toPlainText(part), {
    ...settings,
    maxParts: Number.MAX_SAFE_INTEGER,
  });
  return verdict.kind === "messages" ? verdict.parts : [];
}
