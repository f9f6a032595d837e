import type { Cause } from "../../outbound/queue/item.ts";
import type { Context, Update } from "../../telegram/bot-api.ts";

/** Whose behalf something is said on: the update of a context, or several that were answered together. */
export type Behalf = Context | Cause;

/** On whose behalf the handlers of a bot speak. */
export class Causes {
  /** Of updates that are handled again; almost none are. */
  private readonly attempts = new WeakMap<Update, number>();

  /** @param attempt 1 for the first */
  handling(update: Update, attempt: number): void {
    if (attempt > 1) this.attempts.set(update, attempt);
  }

  readonly of = (update: Update): Cause => {
    const attempt = this.attempts.get(update);
    const updates = [update.update_id];
    return attempt === undefined ? { updates } : { updates, attempt };
  };

  named(behalf: Behalf): Cause {
    return "update" in behalf ? this.of(behalf.update) : behalf;
  }
}
