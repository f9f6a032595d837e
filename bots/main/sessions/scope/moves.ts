import { errorMessage } from "../../../../shared/errors.ts";
import type { SessionPlace } from "../ports.ts";
import type { Session } from "../session.ts";
import type { SessionParts } from "../session-parts.ts";
import { conversationKey } from "./conversation-key.ts";

/** Where sessions go when their chat or topic does. Whatever comes twice changes nothing. */
export class Moves {
  private readonly parts: SessionParts;

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  /** A group has become a supergroup: its sessions, archived ones too, are in that from now on. */
  chatMoved(oldId: number, newId: number): void {
    const { store, fence, log } = this.parts;
    fence.rename(String(oldId), String(newId));
    for (const { id, name: session, conversation } of store.all()) {
      if (conversation.chatId !== oldId) continue;
      store.change(id, { conversation: { ...conversation, chatId: newId } });
      log.info("A session goes on in the supergroup that its group has become.", {
        session,
        oldId,
        newId,
      });
    }
  }

  /** Nothing can be said there any more: told in the chat, once, until somebody is heard there again. */
  topicGone(place: SessionPlace, sessions: readonly Session[]): void {
    const { store, chat, clock, log } = this.parts;
    const key = conversationKey(place);
    const told = sessions
      .map((session) => session.record())
      .filter((record) => conversationKey(record.conversation) === key && !record.isTopicGone);
    if (told.length === 0) return;
    for (const { id } of told) store.change(id, { isTopicGone: true });
    const saying = {
      kind: "topic_gone" as const,
      sessions: told.map(({ id, name }) => ({ id, name })),
    };
    const { chatId } = place;
    chat.say({ chatId }, `topic_gone/${key}/${clock.now()}`, saying).catch((error: unknown) => {
      log.warn("Something could not be said in a chat.", { cause: errorMessage(error) });
    });
  }

  /** Somebody was heard in its topic, so it is there (again). */
  heard(session: Session): void {
    if (session.record().isTopicGone) this.parts.store.change(session.id, { isTopicGone: false });
  }

  /** The session goes on in another conversation of its chat. */
  rebind(session: Session, conversation: SessionPlace): void {
    this.parts.store.change(session.id, { conversation, isTopicGone: false });
    session.gate.moved();
  }
}
