import { createHash } from "node:crypto";
import type { Cause, TelegramCall } from "../queue/item.ts";
import { isStorable } from "../queue/stored-file.ts";

/**
 * The answers of one cause, such as an update: if the cause is worked on again after a crash, the same message is not
 * sent again. "The same" is: method, parameters, and how many like it came before.
 */
export class AnswerScope {
  readonly cause: Cause;
  private readonly name: string;
  private readonly used = new Map<string, number>();

  /** @param name the same for the same cause, and for nothing else (`update <bot id>/<update id>`) */
  constructor(name: string, cause: Cause) {
    this.name = name;
    this.cause = cause;
  }

  /** The id of the next answer; undefined for one that cannot be compared. */
  idOf({ method, params }: TelegramCall): string | undefined {
    // Files of the library are too large to compare, and some cannot be read twice: such an answer has no id.
    if (!isStorable(params)) return undefined;
    const content = `${method} ${JSON.stringify(params)}`;
    const digest = createHash("sha256").update(content).digest("base64url").slice(0, 16);
    const times = (this.used.get(digest) ?? 0) + 1;
    this.used.set(digest, times);
    return `${this.name}/${digest}/${times}`;
  }
}
