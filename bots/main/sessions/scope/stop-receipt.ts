import type { SessionPlace } from "../ports.ts";
import type { SessionStop } from "./session-stop.ts";

/** One conversation with all sessions bound to it, or a whole chat with all of its conversations. */
export type StopScope =
  | { readonly kind: "conversation"; readonly place: SessionPlace }
  | { readonly kind: "chat"; readonly chatId: number };

/** What a stop did, for the person who asked for it. */
export interface StopReceipt {
  /** Names the stop. */
  readonly token: string;
  /** Only sessions of which something was stopped or cancelled. */
  readonly sessions: readonly (SessionStop & { readonly place: SessionPlace })[];
  readonly cancelled: number;
  /** Messages that were cancelled before they, or their files, were in a queue: they cannot be brought back. */
  readonly lost: number;
  /** Background work of sessions in its scope of which nothing was stopped. */
  readonly backgroundLeft: number;
  /** Queues the cancelled messages again, once; undefined where there are none. */
  readonly restoreToken: string | undefined;
  readonly tookMs: number;
}

export function isInScope(place: SessionPlace, scope: StopScope): boolean {
  if (scope.kind === "chat") return place.chatId === scope.chatId;
  return place.chatId === scope.place.chatId && place.topicId === scope.place.topicId;
}
