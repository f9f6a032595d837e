import type { MessageEntity } from "../../../telegram/bot-api.ts";
import { type EntityKind, type FormattedText, trimEntity } from "../formatted-text.ts";

interface OpenEntity {
  readonly kind: EntityKind;
  /** Blocks begin before the prefix of their first line, inline entities after it. */
  readonly block: boolean;
  /** Outer entities are opened first; told apart where both begin and end at the same place. */
  readonly order: number;
  /** Where its first text went; -1 while nothing was written in it. */
  start: number;
}

/**
 * Collects text and entities. Line breaks are asked for and written only before the next text, so that no text ends
 * in them; entities are nested, because they are open for the time of a call.
 */
export class TextWriter {
  private text = "";
  private prefix = "";
  private pendingBreaks = 0;
  private glued = false;
  private order = 0;
  private readonly open: OpenEntity[] = [];
  private readonly closed: { entity: MessageEntity; order: number }[] = [];

  get length(): number {
    return this.text.length;
  }

  /** At least `count` line breaks before the next text. */
  requestBreaks(count: number): void {
    if (!this.glued) this.pendingBreaks = Math.max(this.pendingBreaks, count);
  }

  /** The next block goes on in this line (after the mark of a list's item), unless it must stand alone. */
  glue(): void {
    this.glued = true;
  }

  /** For blocks that need a line of their own, also as the first of a list's item. */
  unglue(): void {
    if (this.glued) this.pendingBreaks = Math.max(this.pendingBreaks, 1);
    this.glued = false;
  }

  write(text: string): void {
    if (text === "") return;
    this.flush();
    this.text += this.prefix === "" ? text : text.replaceAll("\n", `\n${this.prefix}`);
  }

  /** Every line written inside begins with `prefix` too. */
  withPrefix(prefix: string, body: () => void): void {
    this.swapPrefix(this.prefix + prefix, body);
  }

  withoutPrefix(body: () => void): void {
    this.swapPrefix("", body);
  }

  private swapPrefix(prefix: string, body: () => void): void {
    const outer = this.prefix;
    this.prefix = prefix;
    body();
    this.prefix = outer;
  }

  /** An entity around everything that `body` writes. A kind that is open already is not opened again. */
  mark(kind: EntityKind, body: () => void): void {
    if (this.open.some((other) => other.kind.type === kind.type)) {
      body();
      return;
    }
    this.open.push({ kind, block: false, order: this.order++, start: -1 });
    body();
    this.close(this.open.pop());
  }

  /** An entity around whole lines; its kind may depend on the text that was written. */
  markBlock(body: () => void, kindOf: (text: string) => EntityKind): void {
    const entity = { kind: { type: "" }, block: true, order: this.order++, start: -1 };
    this.open.push(entity);
    body();
    this.open.pop();
    if (entity.start >= 0) this.close({ ...entity, kind: kindOf(this.text.slice(entity.start)) });
  }

  /** Text in an entity that no style may enter (code): styles around it end before it and begin again after it. */
  writeApart(kind: EntityKind, text: string): void {
    if (text === "") return;
    this.flush();
    for (const entity of this.open) {
      if (entity.block || entity.start < 0) continue;
      this.close(entity);
      entity.start = -1;
    }
    const entity = { kind, block: false, order: this.order++, start: this.text.length };
    this.text += text;
    this.close(entity);
  }

  private close(entity: OpenEntity | undefined): void {
    if (entity === undefined || entity.start < 0) return;
    const { kind, order, start } = entity;
    const length = this.text.length - start;
    if (length > 0) this.closed.push({ order, entity: { ...kind, offset: start, length } });
  }

  private flush(): void {
    const lineStart = this.text === "" || this.pendingBreaks > 0;
    if (this.text !== "") this.text += "\n".repeat(this.pendingBreaks);
    this.pendingBreaks = 0;
    this.glued = false;
    for (const entity of this.open)
      if (entity.block && entity.start < 0) entity.start = this.text.length;
    if (lineStart) this.text += this.prefix;
    for (const entity of this.open) if (entity.start < 0) entity.start = this.text.length;
  }

  finish(): FormattedText {
    const { text } = this;
    const entities = this.closed
      .flatMap(({ entity, order }) => {
        const trimmed = trimEntity(text, entity);
        return trimmed === undefined ? [] : [{ entity: trimmed, order }];
      })
      .toSorted(
        (a, b) =>
          a.entity.offset - b.entity.offset ||
          b.entity.length - a.entity.length ||
          a.order - b.order,
      )
      .map(({ entity }) => entity);
    return { text, entities };
  }
}
