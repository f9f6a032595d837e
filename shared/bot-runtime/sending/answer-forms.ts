import type { AnswerSettings } from "../../outbound/forms/prepare-answer.ts";
import type { RichSupport } from "../../outbound/forms/rich-support.ts";
import type { PlainChats } from "./plain-chats.ts";

/** In which form a chat gets its answers. */
export class AnswerForms {
  private readonly rich: RichSupport;
  private readonly plainChats: PlainChats;

  constructor(rich: RichSupport, plainChats: PlainChats) {
    this.rich = rich;
    this.plainChats = plainChats;
  }

  /** True at every moment: a server may turn out to be old, and a chat may turn rich off, while a text grows. */
  settingsFor(chatId: number | string): AnswerSettings {
    const { rich, plainChats } = this;
    return {
      get rich() {
        return rich.isUsable && !plainChats.has(chatId);
      },
    };
  }
}
