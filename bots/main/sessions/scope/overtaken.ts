import { errorMessage } from "../../../../shared/errors.ts";
import type { MessageOnItsWay } from "../ports.ts";
import type { SessionParts } from "../session-parts.ts";
import { conversationKey } from "./conversation-key.ts";

const mostTaken = 1_000;

/**
 * Messages that a stop has overtaken: sent before it, they would come to their session after it. They are cancelled where
 * they are, for good: when their turn comes, in this life or a later one, they are known already.
 */
export class Overtaken {
  private readonly parts: SessionParts;
  /** Whether each is safe. What has no session to come to stays, for a while. */
  private readonly taken = new Map<string, Promise<boolean>>();

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  /** Of a message that comes now: whether a stop has taken it, when that is safe; undefined where none did. */
  came(id: string): Promise<boolean> | undefined {
    const taken = this.taken.get(id);
    this.taken.delete(id);
    return taken;
  }

  /**
   * Cancelled as what waits for the session, so that the token brings it back. Without a session, or with a file, it is
   * lost. Resolves when that is safe.
   */
  async take(
    message: MessageOnItsWay,
    sessionId: string | undefined,
    token: string,
  ): Promise<void> {
    const { id, text, sent, hasFile, isForAnother } = message;
    const { journal, clock } = this.parts;
    const [oldest] = this.taken.keys();
    if (this.taken.size >= mostTaken && oldest !== undefined) this.taken.delete(oldest);
    if (sessionId === undefined || hasFile || isForAnother) {
      this.taken.set(id, Promise.resolve(true));
      journal.note({ t: "lost", id, token, atMs: clock.now() });
      return;
    }
    const cancelled = { t: "cancelled" as const, why: "stopped" as const, token };
    const safe = journal.accept({ id, sessionId, text, attachments: [], sent }, ({ seq }) => {
      journal.note({ ...cancelled, seqs: [seq], atMs: clock.now() });
    });
    const isSafe = safe.then(
      () => true,
      (error: unknown) => {
        this.refused(message, error);
        return false;
      },
    );
    this.taken.set(id, isSafe);
    await isSafe;
  }

  /** It is not ours: until the disk takes something again, the mark keeps it from running. */
  private refused({ id, place, order }: MessageOnItsWay, error: unknown): void {
    const { fence, log } = this.parts;
    fence.mark(conversationKey(place), order + 1);
    const cause = errorMessage(error);
    log.warn("A message that a stop has overtaken cannot be written down yet.", { id, cause });
  }
}
