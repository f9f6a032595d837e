import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type {
  GrowingAnswer,
  PresentState,
  Saying,
  SessionChat,
  SessionPlace,
  TurnEnding,
  TurnFace,
  WaitReason,
} from "../sessions/ports.ts";
import type { SessionBehalf } from "../sessions/queue/behalf.ts";
import type { RequestState } from "../sessions/queue/journal-line.ts";
import { wholeInputWords } from "./permission-words.ts";
import { Placed } from "./placed.ts";
import type { PlacedFile, PlacedMessage } from "./placed-file.ts";
import { QuestionBoard } from "./question-board.ts";
import {
  endingWords,
  growingWords,
  queuedKeyboard,
  queuedWords,
  sayingWords,
  stopKeyboard,
  type Words,
} from "./words.ts";

type Way = Pick<BotContext, "live" | "answerAt" | "editAt" | "deleteAt" | "log" | "signal">;

const triedAgain = "⌛ The bot was restarted since: what waits is tried again.";

/** Sessions, spoken into Telegram. */
export class TelegramChat implements SessionChat {
  readonly questions = new QuestionBoard();
  private readonly way: Way;
  private readonly botId: number;
  private readonly placed: Placed;
  /** Which turn grows in a draft. */
  private readonly drafts = new Map<number, number>();

  constructor(way: Way, botId: number, placed: PlacedFile) {
    this.way = way;
    this.botId = botId;
    this.placed = new Placed(way, placed);
  }

  grow({ place, key: turn, behalf }: TurnFace, onShowing: () => void): GrowingAnswer {
    const { placed } = this;
    const key = `turn ${this.botId}/${turn}`;
    const begin = () =>
      this.way.live({
        place,
        key,
        stopKeyboard: stopKeyboard(behalf.turn),
        cause: behalf,
        grown: placed.grown(turn)?.growing,
        onShowing,
        onDraft: (draft) => {
          if (behalf.turn !== undefined) this.drafts.set(draft, behalf.turn);
        },
        onShown: (standing) => {
          placed.grows(turn, key, place, standing);
        },
        onGone: () => {
          placed.forget("turn", turn);
        },
      });
    // Its full messages are not known to be parts of it any more: a new message must end it.
    const isOurs = placed.get("turn", turn) === undefined;
    const live = begin();
    let attempts = 0;
    return {
      update: (text, activity) => {
        live.update(growingWords(text, activity));
      },
      // Its final words are sent once under the key, so that another try may begin another text.
      finish: async (ending) => {
        const isFirst = attempts === 0;
        attempts += 1;
        this.forgetDrafts(behalf.turn);
        await this.finish(isFirst ? live : begin(), ending, isFirst && isOurs);
      },
      discard: () => {
        this.forgetDrafts(behalf.turn);
        void live.discard();
      },
      // The runtime leaves it as it is when the bot stops.
      leave: () => undefined,
    };
  }

  /** The turn that grows in a draft; undefined when it is over. */
  turnOfDraft(draft: number | undefined): number | undefined {
    return draft === undefined ? undefined : this.drafts.get(draft);
  }

  async say(
    place: SessionPlace,
    name: string,
    saying: Saying,
    behalf?: SessionBehalf,
  ): Promise<void> {
    const { placed, way } = this;
    const words = sayingWords(saying);
    const key = `${this.botId}/${name}`;
    const { kind } = saying;
    if (kind === "request") {
      if (saying.ask.kind === "question") {
        this.questions.add(saying.request, saying.ask.questions);
      } else {
        // Before the buttons: nobody says yes to what is still to come.
        const whole = wholeInputWords(saying.session, saying.ask);
        if (whole !== undefined)
          await way.answerAt(place, `${key}/whole`, whole, undefined, behalf);
      }
      return placed.say({ kind, id: saying.request, key, place }, words, behalf);
    }
    if (kind === "waiting_for_seat" || kind === "stalled" || kind === "resume_failed") {
      return placed.say({ kind, id: saying.sessionId, key, place }, words, behalf);
    }
    const grown = kind === "interrupted" ? placed.grown(saying.turnKey) : undefined;
    await way.answerAt(place, key, words.markdown, words.keyboard, behalf, grown);
    // From here on the outbox knows it by its key.
    if (kind === "interrupted") placed.forget("turn", saying.turnKey);
  }

  async waits(
    place: SessionPlace,
    seq: number,
    why: WaitReason,
    behalf?: SessionBehalf,
  ): Promise<void> {
    const id = String(seq);
    const again = why.restoredBy === undefined ? "" : `/${why.restoredBy}`;
    const standing = again === "" ? this.placed.get("queued", id) : undefined;
    const key = standing?.key ?? `${this.botId}/queued/${seq}${again}`;
    const named = { kind: "queued" as const, id, key, place };
    await this.placed.say(named, queuedWords(seq, why), behalf);
  }

  left(_place: SessionPlace, message: number, how: "taken" | "cancelled"): void {
    if (how === "taken") this.placed.remove("queued", String(message));
    else this.placed.replace("queued", String(message), "✖️ Cancelled.");
  }

  /** The message of a request shows the next question. */
  async show(_place: SessionPlace, request: string, { markdown, keyboard }: Words): Promise<void> {
    await this.placed.change("request", request, markdown, keyboard);
  }

  settled(_place: SessionPlace, request: string, state: RequestState): void {
    this.questions.forget(request);
    this.placed.append("request", request, stateWords(state));
  }

  passed(sessionId: string, what: "waiting_for_seat" | "stalled" | "resume_failed"): void {
    const { placed } = this;
    // A decision stays to be read, without its buttons.
    if (what === "resume_failed") placed.end(what, sessionId);
    else placed.remove(what, sessionId);
  }

  recall(now: PresentState): void {
    const { placed } = this;
    const waits = ({ kind, id }: PlacedMessage): boolean =>
      kind === "queued" && now.isWaiting(Number(id));
    placed.finishEarlier(waits);
    for (const message of placed.all) {
      const { kind, id } = message;
      const turn = kind === "turn" ? now.turn(id) : undefined;
      if (waits(message)) this.showAgain(message);
      else if (kind === "request") placed.append(kind, id, stateWords(now.stateOf(id)));
      else if (kind === "resume_failed") placed.append(kind, id, triedAgain);
      else if (turn === undefined || turn === "over") placed.remove(kind, id);
      else if (turn === "told") placed.forget(kind, id);
    }
  }

  private forgetDrafts(turn: number | undefined): void {
    for (const [draft, owner] of this.drafts) if (owner === turn) this.drafts.delete(draft);
  }

  /** What was not known to have arrived is said under its key again: the outbox says it once. */
  private showAgain(message: PlacedMessage): void {
    const { markdown, id } = message;
    const words = { markdown, keyboard: queuedKeyboard(Number(id)) };
    this.placed.say(message, words).catch((error: unknown) => {
      this.way.log.warn("A message that waits could not be shown.", { cause: errorMessage(error) });
    });
  }

  /** @param canStay whether what grew may become the end of it */
  private async finish(
    live: ReturnType<Way["live"]>,
    ending: TurnEnding,
    canStay: boolean,
  ): Promise<void> {
    const words = endingWords(ending);
    if (words === undefined) {
      await live.discard();
      return;
    }
    // Who stopped it gets a receipt of its own; what was shown stays where it is, and costs the chat nothing more.
    const how = canStay && ending.outcome === "aborted" ? "edit" : "send";
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
