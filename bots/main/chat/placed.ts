import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { PlacedAnswer } from "../../../shared/bot-runtime/sending/markdown-answers.ts";
import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import type { SessionPlace } from "../sessions/ports.ts";

interface Standing {
  readonly place: SessionPlace;
  readonly said: PlacedAnswer;
  readonly markdown: string;
}

/**
 * Messages of ours that change when what they show has changed. What a process before us said is not known here; its
 * buttons tell the truth when they are pressed.
 */
export class Placed<Key extends number | string> {
  private readonly way: Pick<BotContext, "editAt" | "deleteAt" | "log">;
  private readonly standing = new Map<Key, Standing>();
  private changes = 0;
  /** What is to be added to messages that do not stand yet. */
  private readonly early = new Map<Key, string>();

  constructor(way: Pick<BotContext, "editAt" | "deleteAt" | "log">) {
    this.way = way;
  }

  add(place: SessionPlace, key: Key, said: PlacedAnswer, markdown: string): void {
    this.standing.set(key, { place, said, markdown });
    const line = this.early.get(key);
    if (line !== undefined) this.append(key, line);
    this.early.delete(key);
  }

  remove(key: Key): void {
    this.take(key, ({ place }, id) => {
      this.way.deleteAt(place, id);
    });
  }

  replace(key: Key, markdown: string): void {
    this.take(key, ({ place }, id) => this.edit(place, id, markdown));
  }

  append(key: Key, line: string): void {
    if (!this.standing.has(key)) this.early.set(key, line);
    this.take(key, ({ place, markdown }, id) => this.edit(place, id, `${markdown}\n\n${line}`));
  }

  /** It stands on with other words. */
  async change(
    place: SessionPlace,
    key: Key,
    markdown: string,
    keyboard: InlineKeyboardMarkup | undefined,
  ): Promise<void> {
    const standing = this.standing.get(key);
    if (standing === undefined) return;
    // At once: what is added from now on is added to these words.
    this.standing.set(key, { ...standing, markdown });
    const id = (await standing.said.messageIds)?.at(-1);
    if (id === undefined) return;
    this.changes += 1;
    const name = `${place.chatId}/${id}/${key}/${this.changes}`;
    await this.way.editAt(place, id, name, markdown, keyboard);
  }

  private edit(place: SessionPlace, id: number, markdown: string): void {
    // Each of them changes once.
    const key = `${place.chatId}/${id}/settled`;
    this.way.editAt(place, id, key, markdown).catch((error: unknown) => {
      this.way.log.warn("A message could not be brought up to date.", { error });
    });
  }

  private take(key: Key, action: (standing: Standing, id: number) => void): void {
    const standing = this.standing.get(key);
    if (standing === undefined) return;
    this.standing.delete(key);
    void this.actWhenSent(standing, action);
  }

  private async actWhenSent(
    standing: Standing,
    action: (standing: Standing, id: number) => void,
  ): Promise<void> {
    const last = (await standing.said.messageIds)?.at(-1);
    if (last !== undefined) action(standing, last);
  }
}
