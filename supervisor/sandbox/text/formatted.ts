import type { MessageEntity } from "../../../shared/telegram/bot-api.ts";

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** The markup cannot be read; the message is Telegram's, without its prefix. */
export class MarkupError extends Error {
  override readonly name = "MarkupError";
}

/** Collects text and entities while markup is read; offsets come out in UTF-16 code units. */
export class TextBuilder {
  private text = "";
  private readonly entities: MessageEntity[] = [];

  get length(): number {
    return this.text.length;
  }

  write(part: string): void {
    this.text += part;
  }

  /** An entity from `offset` to here; an empty one is dropped, as at Telegram. */
  mark(offset: number, entity: Omit<MessageEntity, "offset" | "length">): void {
    const length = this.text.length - offset;
    if (length > 0) this.entities.push({ ...entity, offset, length });
  }

  finish(): FormattedText {
    const entities = this.entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
    return { text: this.text, entities };
  }
}

/** Where a position lies in UTF-8, for error messages. */
export function byteOffset(text: string, position: number): number {
  return Buffer.byteLength(text.slice(0, position));
}

/** Telegram cuts white space at both ends; entities move along, and empty ones go. */
export function trimmed({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.trimStart().length;
  const clean = text.trim();
  if (clean.length === text.length) return { text, entities };
  const moved = entities.flatMap((entity) => {
    const from = Math.max(entity.offset - start, 0);
    const to = Math.min(entity.offset - start + entity.length, clean.length);
    return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
  });
  return { text: clean, entities: moved };
}
