import type { AnswerConfig } from "../../config/answer-entry.ts";
import type { AnswerSettings } from "../../outbound/forms/prepare-answer.ts";
import type { RichSupport } from "../../outbound/forms/rich-support.ts";
import type { PlainChats } from "./plain-chats.ts";

export interface AnswerFormsParts {
  readonly config: AnswerConfig;
  readonly rich: RichSupport;
  readonly plainChats: PlainChats;
  /** Where a chat is now: a group may have become a supergroup. */
  readonly whereIs: (chatId: number | string) => number | string;
}

/** In which form a chat gets its answers. */
export class AnswerForms {
  private readonly parts: AnswerFormsParts;

  constructor(parts: AnswerFormsParts) {
    this.parts = parts;
  }

  /** True at every moment: a server may turn out to be old, and a chat may turn rich off, while a text grows. */
  settingsFor(chatId: number | string): AnswerSettings {
    const { config, rich, plainChats, whereIs } = this.parts;
    const { maxRichLength, maxParts, numbering } = config;
    return {
      get rich() {
        return rich.isUsable && !plainChats.has(whereIs(chatId));
      },
      maxRichLength,
      split: { maxParts, numbering },
    };
  }
}
