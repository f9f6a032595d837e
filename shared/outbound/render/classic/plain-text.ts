import type { MessageEntity } from "../../../telegram/bot-api.ts";
import type { FormattedText } from "../formatted-text.ts";

/**
 * The text without entities, for a message that Telegram refused with them: link targets follow their labels and code
 * stands between fences, so that nothing is lost. It is longer than before: split it again.
 */
export function toPlainText({ text, entities }: FormattedText): FormattedText {
  let plain = "";
  let at = 0;
  const insertions = entities.flatMap(insertionsFor(text)).toSorted((a, b) => a.at - b.at);
  for (const insertion of insertions) {
    plain += text.slice(at, insertion.at) + insertion.text;
    at = insertion.at;
  }
  return { text: plain + text.slice(at), entities: [] };
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

const insertionsFor =
  (text: string) =>
  ({ type, offset, length, url, language = "" }: MessageEntity): Insertion[] => {
    const end = offset + length;
    if (type === "pre")
      return [
        { at: offset, text: `\`\`\`${language}\n` },
        { at: end, text: "\n```" },
      ];
    if (url === undefined || text.slice(offset, end).includes(url)) return [];
    return [{ at: end, text: ` (${url})` }];
  };
