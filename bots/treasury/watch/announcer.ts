import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";

interface Destination {
  readonly chatId: number;
  readonly topicId?: number;
}

/** Tells the configured chats something, once under its key, also over restarts. */
export class Announcer {
  readonly places: readonly Destination[];
  private readonly answerAt: BotContext["answerAt"];

  constructor(places: readonly Destination[], answerAt: BotContext["answerAt"]) {
    this.places = places;
    this.answerAt = answerAt;
  }

  /** Resolves when it is written down for all. @throws AnswerNotStoredError while the disk refuses */
  async tell(key: string, text: string, keyboard?: InlineKeyboardMarkup): Promise<void> {
    await Promise.all(
      this.places.map((place) =>
        this.answerAt(place, `${key} ${place.chatId}:${place.topicId ?? ""}`, text, keyboard),
      ),
    );
  }
}
