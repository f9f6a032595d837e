import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type {
  GrowingAnswer,
  Saying,
  SessionChat,
  SessionPlace,
  TurnEnding,
  TurnFace,
} from "../sessions/ports.ts";
import type { SessionBehalf } from "../sessions/queue/behalf.ts";
import type { RequestState } from "../sessions/queue/journal-line.ts";
import { Placed } from "./placed.ts";
import { QuestionBoard } from "./question-board.ts";
import { endingWords, growingWords, sayingWords, stopKeyboard, type Words } from "./words.ts";

type Way = Pick<BotContext, "live" | "answerAt" | "editAt" | "deleteAt" | "log">;

/** Sessions, spoken into Telegram. */
export class TelegramChat implements SessionChat {
  readonly questions = new QuestionBoard();
  private readonly way: Way;
  private readonly botId: number;
  private readonly queued: Placed<number>;
  private readonly requests: Placed<string>;

  constructor(way: Way, botId: number) {
    this.way = way;
    this.botId = botId;
    this.queued = new Placed(way);
    this.requests = new Placed(way);
  }

  grow(turn: TurnFace): GrowingAnswer {
    const key = `turn ${this.botId}/${turn.key}`;
    const begin = () => this.way.live({ place: turn.place, key, stopKeyboard, cause: turn.behalf });
    const live = begin();
    let attempts = 0;
    return {
      update: (text, activity) => {
        live.update(growingWords(text, activity));
      },
      // Its final words are sent once under the key, so that another try may begin another text.
      finish: async (ending) => {
        const text = attempts === 0 ? live : begin();
        attempts += 1;
        await this.finish(text, ending);
      },
      discard: () => void live.discard(),
      // The runtime leaves it as it is when the bot stops.
      leave: () => undefined,
    };
  }

  async say(
    place: SessionPlace,
    key: string,
    saying: Saying,
    behalf?: SessionBehalf,
  ): Promise<void> {
    // In a private chat what grew was a draft, which is gone.
    const { markdown, keyboard } = sayingWords(saying, place.chatId < 0);
    if (saying.kind === "request" && saying.ask.kind === "question") {
      this.questions.add(saying.request, saying.ask.questions);
    }
    const name = `${this.botId}/${key}`;
    const said = await this.way.answerAt(place, name, markdown, keyboard, behalf);
    if (saying.kind === "request") this.requests.add(place, saying.request, said, markdown);
  }

  /** A message waits: it is shown, with a way out, until it leaves. */
  async waits(
    place: SessionPlace,
    seq: number,
    words: Parameters<Way["answerAt"]>[2],
    keyboard: Parameters<Way["answerAt"]>[3],
    behalf: Parameters<Way["answerAt"]>[4],
  ): Promise<void> {
    const name = `${this.botId}/queued/${seq}`;
    const said = await this.way.answerAt(place, name, words, keyboard, behalf);
    this.queued.add(place, seq, said, words);
  }

  left(_place: SessionPlace, message: number, how: "taken" | "cancelled"): void {
    if (how === "taken") this.queued.remove(message);
    else this.queued.replace(message, "✖️ Cancelled.");
  }

  /** The message of a request shows the next question. */
  async show(place: SessionPlace, request: string, { markdown, keyboard }: Words): Promise<void> {
    await this.requests.change(place, request, markdown, keyboard);
  }

  settled(_place: SessionPlace, request: string, state: RequestState): void {
    this.questions.forget(request);
    this.requests.append(request, stateWords(state));
  }

  private async finish(live: ReturnType<Way["live"]>, ending: TurnEnding): Promise<void> {
    const words = endingWords(ending);
    if (words === undefined) {
      await live.discard();
      return;
    }
    // Who stopped it gets a receipt of its own; what was shown stays where it is, and costs the chat nothing more.
    const how = ending.outcome === "aborted" ? "edit" : "send";
    let finished: ReturnType<typeof live.finish>;
    try {
      finished = live.finish(words, how);
    } catch (error) {
      this.way.log.error("An answer could not be rendered; it is sent as it came.", {
        cause: errorMessage(error),
      });
      finished = live.finish(asItCame(words), how);
    }
    if (finished === undefined) throw new Error("the bot stops; the next start tells it");
    await finished.accepted;
  }
}

export function stateWords(state: RequestState): string {
  const words: Record<RequestState, string> = {
    open: "Waiting for you.",
    allowed: "✅ Allowed.",
    denied: "🚫 Denied.",
    answered: "✅ Answered.",
    expired: "⌛ Expired: nobody waits for this any more.",
    withdrawn: "⌛ Withdrawn: it is not needed any more.",
  };
  return words[state];
}

function asItCame(text: string): string {
  return `\`\`\`\`\n${text}\n\`\`\`\``;
}
