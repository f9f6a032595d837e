import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { classifyError } from "../../telegram/error-classifier.ts";
import { mayHaveArrived } from "../delivery/verdict.ts";
import type { Cause, OutboundItem, Outcome, Place, Receipt, TelegramCall } from "../queue/item.ts";
import type { DraftSupport } from "./draft-support.ts";
import { type FinishedText, finishLive } from "./finish.ts";
import {
  canGrow,
  deleteCall,
  draftCall,
  editCall,
  finalCall,
  type LiveStanding,
  type RenderedMessage,
  type RenderPort,
  type SealedPart,
  type StandingMessage,
  sendCall,
  standingOf,
  withKeyboard,
} from "./live-message.ts";
import { Typing } from "./typing.ts";

export interface LiveTextParts {
  readonly outbox: { enqueue(item: OutboundItem): Receipt };
  readonly render: RenderPort;
  /** One per bot. */
  readonly drafts: DraftSupport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** A message stands now in which a text grows. */
  readonly onGrowing?: (messageId: number, start: LiveTextStart) => void;
  /** The end of the bot: a text that still grows then is left as it is. */
  readonly signal?: AbortSignal;
}

export interface LiveTextStart {
  readonly place: Place;
  /** Names this text for ever, such as `<session>/<turn>`: its final messages are sent once under it. */
  readonly key: string;
  /** On whose behalf it is said. */
  readonly cause?: Cause;
  /** Default: `send`. */
  readonly ending?: Ending;
  /**
   * Its reader can stop it: by these buttons under the message while it grows, or by the button that Telegram puts to a
   * draft (an update `stopped_message_generation`). Its final form has none.
   */
  readonly stopKeyboard?: Readonly<Record<string, unknown>>;
  /** How long typing may be shown at most. */
  readonly longestTypingMs?: number;
  /** Of a text that began to grow in an earlier life of its bot: the message that stands. */
  readonly grown?: StandingMessage | undefined;
  /** Called before more of it is shown: from then on a reader may have seen all that it was updated with. */
  readonly onShowing?: () => void;
  /** Called before a draft shows more of it: by this id Telegram names the draft whose button is pressed. */
  readonly onDraft?: (draftId: number) => void;
  /** Called whenever more of it has been shown. */
  readonly onShown?: (standing: LiveStanding) => void;
  /** Called when nothing that grew stands any more: it was taken away, or is final. */
  readonly onGone?: () => void;
}

/** `send`: a new message ends it (and rings), the growing one is deleted. `edit`: the growing one becomes it. */
type Ending = "send" | "edit";

type LiveState = "growing" | "finished" | "discarded" | "left";

const usualLongestTypingMs = 15 * 60_000;
/** A draft is shown for 30 s (facts/telegram-bot-api.md, section 7). */
const refreshDraftMs = 20_000;
/** So many refusals in a row, and progress is no longer shown; the final messages come all the same. */
const mostFailures = 3;

/**
 * Text that grows before its reader's eyes: as a draft in private chats, elsewhere by edits of one message. The outbox
 * decides how often: one step waits there at a time and is rendered when its turn comes. Where one message is full, it
 * is sealed and the next one grows. Ends with {@link finish} or {@link discard}, once; the first wins.
 */
export class LiveText {
  private readonly parts: LiveTextParts;
  private readonly start: LiveTextStart;
  private readonly typing: Typing;
  private readonly ended = new AbortController();
  private readonly sealed: SealedPart[] = [];
  private state: LiveState = "growing";
  private text = "";
  private shownText: string | undefined;
  private shownAtMs = 0;
  private growing: StandingMessage | undefined;
  private draftId: number;
  private failures = 0;
  private step: Promise<void> | undefined;

  constructor(parts: LiveTextParts, start: LiveTextStart) {
    this.parts = parts;
    this.start = start;
    this.growing = start.grown;
    this.draftId = this.newDraftId();
    const { longestTypingMs = usualLongestTypingMs } = start;
    this.typing = new Typing(parts.clock, longestTypingMs, () => {
      this.showLife();
    });
    const leave = (): void => void this.end("left");
    parts.signal?.addEventListener("abort", leave, { once: true, signal: this.ended.signal });
  }

  /** The whole text so far. */
  update(markdown: string): void {
    if (this.state !== "growing") return;
    this.text = markdown;
    this.grow();
  }

  /**
   * The final text. Only the first call counts, and none after {@link discard}.
   * @param ending where it is another one than the text was begun with
   * @throws what the renderer throws; then nothing has ended, and a simpler text can be given
   */
  finish(markdown: string, ending: Ending = this.start.ending ?? "send"): FinishedText | undefined {
    const messages = this.parts.render(markdown);
    if (!this.end("finished")) return undefined;
    const { start, sealed, step } = this;
    return finishLive({
      outbox: this.parts.outbox,
      log: this.parts.log,
      place: start.place,
      key: start.key,
      cause: start.cause,
      ending,
      messages,
      sealed,
      growing: this.grown(step),
      hasButtons: start.stopKeyboard !== undefined,
      onGone: () => start.onGone?.(),
    });
  }

  /** Nothing more is shown; the growing message is taken away. Sealed ones stay. */
  async discard(): Promise<void> {
    if (!this.end("discarded")) return;
    await this.step;
    const { growing, start, parts } = this;
    if (growing !== undefined) {
      const { place } = growing;
      const call = deleteCall(growing);
      const { outcome } = parts.outbox.enqueue({ kind: "deletion", place, ...call });
      if ((await outcome).state === "dropped") return;
    }
    start.onGone?.();
  }

  private end(state: Exclude<LiveState, "growing">): boolean {
    if (this.state !== "growing") return false;
    this.state = state;
    this.typing.stop();
    this.ended.abort(new DOMException("The text has ended.", "AbortError"));
    return true;
  }

  private async grown(step: Promise<void> | undefined): Promise<StandingMessage | undefined> {
    await step;
    return this.growing;
  }

  private showLife(): void {
    const { place } = this.start;
    const { outbox, clock } = this.parts;
    const topic = place.topicId === undefined ? {} : { message_thread_id: place.topicId };
    const params = { chat_id: place.chatId, ...topic, action: "typing" };
    outbox.enqueue({ kind: "action", method: "sendChatAction", params, signal: this.ended.signal });
    const isOld = clock.monotonic() - this.shownAtMs >= refreshDraftMs;
    if (isOld && this.shownText !== undefined && this.usesDrafts) {
      this.shownText = undefined;
      this.grow();
    }
  }

  private get usesDrafts(): boolean {
    return this.parts.drafts.isUsable(this.start.place);
  }

  /** One step at a time waits in the outbox; it takes the newest text with it. */
  private grow(): void {
    const isIdle = this.step === undefined && this.state === "growing";
    if (!isIdle || this.shownText === this.text || this.failures >= mostFailures) return;
    this.step = this.takeStep();
  }

  private async takeStep(): Promise<void> {
    const asDraft = this.usesDrafts;
    let composed = false;
    const { outcome } = this.parts.outbox.enqueue({
      kind: "edit",
      key: this.start.key,
      place: this.start.place,
      signal: this.ended.signal,
      compose: () => {
        composed = true;
        return this.compose(asDraft);
      },
    });
    const end = await outcome;
    this.step = undefined;
    if (end.state === "sent") {
      this.failures = 0;
      // Only a new message has an id to remember; an edit repeats it, a draft has none.
      if (!asDraft && this.growing === undefined) this.stands(standingOf(end, this.start.place));
      this.start.onShown?.({ growing: this.growing, sealed: this.sealed.length });
    } else if (end.state === "failed") {
      this.refused(end, asDraft);
    } else if (!composed) {
      // Not taken. The next update tries again; by itself it would only knock at a full door.
      return;
    }
    this.grow();
  }

  private stands(standing: StandingMessage | undefined): void {
    this.growing = standing;
    if (standing !== undefined) this.parts.onGrowing?.(standing.id, this.start);
  }

  private compose(asDraft: boolean): TelegramCall | undefined {
    const { place } = this.start;
    const messages = this.parts.render(this.text);
    this.start.onShowing?.();
    if (messages.length > this.sealed.length + 1) {
      // Answers go first, so the full ones stand before the one that grows next, in its own step.
      for (const full of messages.slice(this.sealed.length, -1)) this.seal(full, asDraft);
      return undefined;
    }
    const message = messages[this.sealed.length];
    this.shownText = this.text;
    this.shownAtMs = this.parts.clock.monotonic();
    if (message === undefined || !canGrow(message)) return undefined;
    const { stopKeyboard } = this.start;
    if (asDraft) {
      this.start.onDraft?.(this.draftId);
      return draftCall(message, place, this.draftId, stopKeyboard !== undefined);
    }
    const shown = withKeyboard(message, stopKeyboard);
    if (this.growing !== undefined) return editCall(shown, this.growing);
    return sendCall(shown, place);
  }

  /** The full message becomes final: an answer, so that it survives what the progress need not. */
  private seal(message: RenderedMessage, asDraft: boolean): void {
    const { place, key, cause } = this.start;
    const grown = asDraft ? undefined : this.growing;
    const call = finalCall(message, place, grown);
    const answerId = `${key}/${this.sealed.length}`;
    const behalf = cause === undefined ? {} : { cause };
    const { outcome } = this.parts.outbox.enqueue({ kind: "answer", answerId, ...behalf, ...call });
    this.sealed.push({ message, outcome, grown });
    this.growing = undefined;
    this.draftId = this.newDraftId();
  }

  private refused(
    { reason, error }: Extract<Outcome, { state: "failed" }>,
    wasDraft: boolean,
  ): void {
    const { place } = this.start;
    this.shownText = undefined;
    if (wasDraft) {
      this.parts.drafts.refused(place);
      this.parts.log.info("Drafts are not shown in a chat; edits are used.", { ...place, reason });
      return;
    }
    this.failures += 1;
    // One that may stand there already, and that nobody could ever take away, is not sent again.
    const isNew = this.growing === undefined;
    if (isNew && mayHaveArrived(classifyError(error, "sendMessage"))) this.failures = mostFailures;
    // The reader may have deleted it; the text goes on in a new one.
    if (/message to edit not found/i.test(reason)) this.growing = undefined;
  }

  private newDraftId(): number {
    return 1 + Math.floor(this.parts.random() * 2 ** 31);
  }
}
