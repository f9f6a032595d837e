import type { AgentStart } from "../../agents/port.ts";
import { hasHistory, type SessionRecord } from "../record/session-record.ts";
import type { SessionStore } from "../record/session-store.ts";

/**
 * With what a session's agent is started, and whether it really went on there. An agent that finds no history begins a
 * new one without a word; that must not happen to a person unseen.
 */
export class ResumeCheck {
  private readonly store: SessionStore;
  private readonly id: string;
  /** The id that must come back; null once it did, or where none is known. */
  private expected: string | null = null;

  constructor(store: SessionStore, id: string) {
    this.store = store;
    this.id = id;
  }

  /** To be asked at each start. Undefined: a fresh conversation. */
  plan(): AgentStart["resume"] {
    const { resumeId } = this.record;
    this.expected = resumeId;
    if (resumeId !== null) return { id: resumeId };
    // Its folder is its own, so that its newest conversation there is the session's.
    return hasHistory(this.record) ? "latest" : undefined;
  }

  /** The agent says its id. @returns why it must not go on, for a person; undefined when all is well */
  learn(resumeId: string): string | undefined {
    const { expected } = this;
    // Later changes are the agent's own, by an order like /clear.
    this.expected = null;
    if (expected !== null && resumeId !== expected) {
      return "The agent did not find its history and began a new conversation.";
    }
    const owner = this.store.ownerOf(resumeId);
    if (owner !== undefined && owner !== this.id) {
      return `Its history belongs to session '${this.store.get(owner).name}'.`;
    }
    if (this.record.resumeId !== resumeId) this.store.change(this.id, { resumeId });
    return undefined;
  }

  /** The next start begins a new conversation, because a person said so. */
  forget(): void {
    this.store.change(this.id, { resumeId: null, turnsGivenUp: this.record.turns });
  }

  private get record(): SessionRecord {
    return this.store.get(this.id);
  }
}
