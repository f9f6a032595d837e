import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import type { SessionPlace } from "../sessions/ports.ts";
import type { PlacedFile, PlacedMessage } from "./placed-file.ts";
import type { Words } from "./words.ts";

type Way = Pick<BotContext, "answerAt" | "editAt" | "deleteAt" | "log" | "signal">;
type Kind = PlacedMessage["kind"];
type Behalf = Parameters<Way["answerAt"]>[4];
type Grown = NonNullable<Parameters<Way["answerAt"]>[5]>;

interface Standing {
  readonly message: PlacedMessage;
  /** Resolves when Telegram has it; undefined where it was not delivered. @throws the system's error */
  readonly messageId: () => Promise<number | undefined>;
}

/**
 * Messages of ours that change when what they show has changed. Each is written down before it is said, and what it must
 * become before it is changed, so that the next life finds it and brings it to its end.
 */
export class Placed {
  private readonly way: Way;
  private readonly file: PlacedFile;
  private readonly standing = new Map<string, Standing>();
  private changes = 0;

  constructor(way: Way, file: PlacedFile) {
    this.way = way;
    this.file = file;
    for (const message of file.all) {
      if (message.end === undefined) this.stand(message, () => this.found(message));
    }
  }

  /** What stands, oldest first. */
  get all(): readonly PlacedMessage[] {
    return [...this.standing.values()].map(({ message }) => message);
  }

  get(kind: Kind, id: string): PlacedMessage | undefined {
    return this.standing.get(nameOf(kind, id))?.message;
  }

  /**
   * Says it, once, and it stands from this moment on. One that stood for the same is taken away.
   * @throws the system's error while the disk refuses
   */
  async say(
    named: Pick<PlacedMessage, "kind" | "id" | "key" | "place">,
    { markdown, keyboard }: Words,
    behalf?: Behalf,
  ): Promise<void> {
    const { kind, id, key } = named;
    const before = this.get(kind, id);
    if (before?.key === key && before.messageId !== undefined) return;
    if (before !== undefined && before.key !== key) this.remove(kind, id);
    const message = { ...named, markdown };
    const said = this.sayDurably(message, keyboard, behalf);
    const messageId = said.then((ids) => this.noted(key, ids)).catch(() => undefined);
    const standing = this.stand(message, () => messageId);
    try {
      await said;
    } catch (error) {
      const stands = this.standing.get(nameOf(kind, id)) === standing;
      // An earlier life may have said it.
      if (before?.key === key) {
        if (stands) this.stand(before, () => this.found(before));
      } else {
        if (stands) this.forget(kind, id);
        this.file.drop(key);
      }
      throw error;
    }
  }

  remove(kind: Kind, id: string): void {
    this.settle(kind, id, () => undefined);
  }

  replace(kind: Kind, id: string, markdown: string): void {
    this.settle(kind, id, () => markdown);
  }

  /** It keeps its words, and loses its buttons. */
  end(kind: Kind, id: string): void {
    this.settle(kind, id, (words) => words);
  }

  append(kind: Kind, id: string, line: string): void {
    this.settle(kind, id, (words) => `${words}\n\n${line}`);
  }

  /** It stands on with other words. */
  async change(
    kind: Kind,
    id: string,
    markdown: string,
    keyboard: InlineKeyboardMarkup | undefined,
  ): Promise<void> {
    const standing = this.standing.get(nameOf(kind, id));
    if (standing === undefined) return;
    const { key, place } = standing.message;
    // At once: what is added from now on is added to these words.
    this.stand({ ...standing.message, markdown }, standing.messageId);
    this.file.note({ ...(this.file.get(key) ?? standing.message), markdown });
    const messageId = await standing.messageId();
    if (messageId === undefined) return;
    this.changes += 1;
    const name = `${place.chatId}/${messageId}/${key}/${this.changes}`;
    await this.way.editAt(place, messageId, name, markdown, keyboard);
  }

  /** A text has grown: this is what stands of it. */
  grows(id: string, key: string, place: SessionPlace, { growing, sealed }: Grown): void {
    const known = this.get("turn", id);
    const messageId = growing?.id;
    if (known?.messageId === messageId && (known?.sealed ?? 0) === sealed) return;
    // A group may have moved while it was sent: it stands where Telegram says.
    const chatId = Number(growing?.place.chatId ?? place.chatId);
    const turn = { kind: "turn" as const, id, key, place: { ...place, chatId } };
    const where = messageId === undefined ? {} : { messageId };
    const message = { ...turn, markdown: "", sealed, ...where };
    this.file.note(message);
    this.stand(message, async () => messageId);
  }

  /** What stands of a text that has grown. */
  grown(id: string): Grown | undefined {
    const message = this.get("turn", id);
    if (message === undefined) return undefined;
    const { messageId, place, sealed = 0 } = message;
    return { growing: messageId === undefined ? undefined : { id: messageId, place }, sealed };
  }

  /** It is left as it is. */
  forget(kind: Kind, id: string): void {
    const message = this.get(kind, id);
    if (message === undefined) return;
    this.standing.delete(nameOf(kind, id));
    this.file.drop(message.key);
  }

  /** Brings what an earlier life began to change to its end. @param stays whether it is true as it was after all */
  finishEarlier(stays: (message: PlacedMessage) => boolean): void {
    for (const { end, ...message } of this.file.all) {
      if (end === undefined) continue;
      const standing = { message, messageId: () => this.found(message) };
      if (!stays(message)) this.bringAnyway(standing, end.markdown);
      else if (this.get(message.kind, message.id) === undefined) {
        this.file.note(message);
        this.stand(message, standing.messageId);
      }
    }
  }

  private async sayDurably(
    message: PlacedMessage,
    keyboard: InlineKeyboardMarkup | undefined,
    behalf: Behalf,
  ) {
    const { place, key, markdown } = message;
    await this.file.keep(message);
    return this.way.answerAt(place, key, markdown, keyboard, behalf);
  }

  /** Of one that an earlier life said: the outbox knows what became of it, or says it now. */
  private async found({ key, kind, place, markdown, messageId }: PlacedMessage) {
    if (messageId !== undefined || kind === "turn") return messageId;
    return this.noted(key, await this.way.answerAt(place, key, markdown));
  }

  private async noted(
    key: string,
    { messageIds }: Awaited<ReturnType<Way["answerAt"]>>,
  ): Promise<number | undefined> {
    const messageId = (await messageIds)?.at(-1);
    const message = this.file.get(key);
    if (message !== undefined && messageId !== undefined) this.file.note({ ...message, messageId });
    return messageId;
  }

  private stand(message: PlacedMessage, messageId: Standing["messageId"]): Standing {
    const standing = { message, messageId };
    this.standing.set(nameOf(message.kind, message.id), standing);
    return standing;
  }

  /** Each of them ends once. */
  private settle(kind: Kind, id: string, end: (markdown: string) => string | undefined): void {
    const standing = this.standing.get(nameOf(kind, id));
    if (standing === undefined) return;
    this.standing.delete(nameOf(kind, id));
    const { message } = standing;
    const markdown = end(message.markdown);
    const known = this.file.get(message.key) ?? message;
    this.file.note({ ...known, end: markdown === undefined ? {} : { markdown } });
    this.bringAnyway(standing, markdown);
  }

  private bringAnyway(standing: Standing, markdown: string | undefined): void {
    this.bring(standing, markdown).catch((error: unknown) => {
      this.way.log.warn("A message could not be brought up to date.", { error });
    });
  }

  private async bring({ message, messageId }: Standing, markdown?: string): Promise<void> {
    const id = await messageId();
    // One that waits in the outbox while the bot ends is sent by the next life.
    const isDone =
      id === undefined ? !this.way.signal.aborted : await this.shows(message, id, markdown);
    if (isDone) this.file.drop(message.key);
  }

  /** @returns false where the bot ends before it is so */
  private async shows(
    { kind, place, markdown: before }: PlacedMessage,
    messageId: number,
    markdown: string | undefined,
  ): Promise<boolean> {
    if (markdown === undefined) {
      const { state } = await this.way.deleteAt(place, messageId);
      if (state !== "failed") return state === "sent";
    }
    // Each of them changes once. What cannot be taken away loses its buttons.
    const key = `${place.chatId}/${messageId}/settled`;
    const words = markdown ?? before;
    // How a decision ended must be read. All else is over, and said nowhere else: neither for a message that is gone, nor
    // for one that a group left behind as it moved.
    const ifGone = isDecision(kind) && words !== before ? "anew" : "leave";
    await this.way.editAt(place, messageId, key, words, undefined, undefined, ifGone);
    return true;
  }
}

function isDecision(kind: Kind): boolean {
  return kind === "request" || kind === "resume_failed";
}

function nameOf(kind: Kind, id: string): string {
  return `${kind} ${id}`;
}
