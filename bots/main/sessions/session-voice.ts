import { errorMessage } from "../../../shared/errors.ts";
import type { Saying } from "./ports.ts";
import { behalfOfSession } from "./queue/behalf.ts";
import type { SessionRecord } from "./record/session-record.ts";
import type { SessionParts } from "./session-parts.ts";

/** What a session says in its conversation besides its answers. What cannot be said is logged, and holds nothing up. */
export class SessionVoice {
  private readonly parts: SessionParts;
  private readonly id: string;

  constructor(parts: SessionParts, id: string) {
    this.parts = parts;
    this.id = id;
  }

  resuming(idleMs: number): void {
    this.say({ kind: "resuming", idleMs });
  }

  waitingForSeat(): void {
    const { limit } = this.parts.seats;
    const session = this.record.name;
    this.say({ kind: "waiting_for_seat", sessionId: this.id, session, limit });
  }

  resumeFailed(reason: string, waiting: number): void {
    const session = this.record.name;
    this.say({ kind: "resume_failed", sessionId: this.id, session, reason, waiting });
  }

  stalled(stall: {
    readonly turn: number;
    readonly silentMs: number;
    readonly elapsedMs: number;
    readonly tool: string | undefined;
  }): void {
    this.say({ kind: "stalled", sessionId: this.id, session: this.record.name, ...stall });
  }

  doesNotEnd(): void {
    this.say({ kind: "does_not_end", session: this.record.name });
  }

  /** For what must be recorded first, or has a key of its own. */
  tell(saying: () => Promise<void>): void {
    saying().catch((error: unknown) => {
      const facts = { session: this.record.name, cause: errorMessage(error) };
      this.parts.log.warn("Something could not be said in a chat.", facts);
    });
  }

  private say(saying: Saying): void {
    const { chat, clock, journal } = this.parts;
    const key = `${this.id}/${saying.kind}/${clock.now()}`;
    const behalf = behalfOfSession(journal.messages, this.id);
    this.tell(() => chat.say(this.record.conversation, key, saying, behalf));
  }

  private get record(): SessionRecord {
    return this.parts.store.get(this.id);
  }
}
