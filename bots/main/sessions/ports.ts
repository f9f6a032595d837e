import type { ProcessIdentity } from "../../../shared/process/identity.ts";
import type {
  AgentImage,
  AgentProcess,
  AgentRequest,
  AgentStart,
  TurnOutcome,
} from "../agents/port.ts";
import type { SessionBehalf } from "./queue/behalf.ts";
import type { RequestState, Sent } from "./queue/journal-line.ts";

/** Where a session speaks and hears. General and chats without topics have no topic. */
export interface SessionPlace {
  readonly chatId: number;
  readonly topicId?: number;
}

/** What a session is started with. */
export interface AgentProfile {
  readonly agent: string;
  readonly persona: string;
  /** The session's own choice; else the persona's, else the agent's. */
  readonly model?: string;
}

/** The agents that were configured; the session says for whom and where. */
export interface SessionAgents {
  readonly defaultAgent: string;
  readonly defaultPersona: string;
  readonly agentNames: readonly string[];
  readonly personaNames: readonly string[];
  /** What a person must install or mend before it can start; undefined when nothing. */
  missing(profile: AgentProfile): string | undefined;
  /** Like a driver's `start`: never throws for what the program does. */
  start(profile: AgentProfile, where: AgentPlace): AgentProcess;
  /** A process that was prepared ahead, with the id of its folder; undefined where none fits. It is ours from now on. */
  take(
    profile: AgentProfile,
  ): { readonly folderId: string; readonly process: AgentProcess } | undefined;
}

export interface AgentPlace {
  readonly sessionId: string;
  readonly folderId: string;
  readonly resume?: AgentStart["resume"];
}

/** Everything that a person is told. The words and buttons are the port's; sessions say what is so. */
export interface SessionChat {
  /** The answer of a turn, growing before its reader's eyes. @param onShowing called before more of it is shown */
  grow(turn: TurnFace, onShowing: () => void): GrowingAnswer;
  /**
   * Something to be read, said once under its key, also over restarts. Resolves when it is written down.
   * @throws the system's error while the disk refuses
   */
  say(place: SessionPlace, key: string, saying: Saying, behalf?: SessionBehalf): Promise<void>;
  /**
   * A message must wait: it is shown, with a way out, until it leaves.
   * @throws the system's error while the disk refuses
   */
  waits(
    place: SessionPlace,
    message: number,
    why: WaitReason,
    behalf?: SessionBehalf,
  ): Promise<void>;
  /** A message left the queue: its indicator is taken away, or shows that it was cancelled. */
  left(place: SessionPlace, message: number, how: "taken" | "cancelled"): void;
  /** The buttons of a request show how it ended. */
  settled(place: SessionPlace, request: string, state: RequestState): void;
  /** What was told of a session is not so any more. */
  passed(sessionId: string, what: "waiting_for_seat" | "stalled" | "resume_failed"): void;
  /** The start of the bot: what earlier lives left standing comes to show what is so now. */
  recall(now: PresentState): void;
}

/** A message that the bot has in hand and no session has yet. */
export interface MessageOnItsWay {
  /** `<bot id>/<update id>` */
  readonly id: string;
  readonly order: number;
  readonly place: SessionPlace;
  readonly text: string;
  readonly sent: Sent | undefined;
  readonly hasFile: boolean;
  /** A command on its way before it may choose another session there. */
  readonly isForAnother: boolean;
}

export interface WaitReason {
  /** Turns before its own. */
  readonly ahead: number;
  /** Whether a person must say first how the session goes on. */
  readonly forDecision: boolean;
  /** The token that has brought it back after a stop: what stood for it shows that it was cancelled, and stays so. */
  readonly restoredBy?: string;
}

/** How things of an earlier life are now. */
export interface PresentState {
  isWaiting(message: number): boolean;
  stateOf(request: string): RequestState;
  /** By its key. `told`: its reader knows that it was interrupted. */
  turn(key: string): "open" | "told" | "over";
}

/** One turn, as the chat needs to know it. */
export interface TurnFace {
  readonly place: SessionPlace;
  /** Names it for ever: `<session id>/<turn>`. */
  readonly key: string;
  readonly behalf: SessionBehalf;
  readonly session: string;
  /** Nobody asked for it: background work of the agent ended. */
  readonly selfStarted: boolean;
}

export interface GrowingAnswer {
  /** The whole text so far, and what the agent does at the moment. */
  update(text: string, activity: string | undefined): void;
  /** Ends it with what stays. Resolves when that is written down. @throws the system's error while the disk refuses */
  finish(ending: TurnEnding): Promise<void>;
  /** It never took place: what was shown is taken away. */
  discard(): void;
  /** The bot stops: what was shown stays as it is. */
  leave(): void;
}

export interface TurnEnding {
  readonly outcome: TurnOutcome;
  /** The answer; of a failed turn why; of an aborted one what had been shown. */
  readonly text: string;
}

export type Saying =
  | { readonly kind: "resuming"; readonly idleMs: number }
  | {
      readonly kind: "waiting_for_seat";
      readonly sessionId: string;
      readonly session: string;
      readonly limit: number;
    }
  | {
      readonly kind: "stalled";
      readonly sessionId: string;
      readonly session: string;
      readonly turn: number;
      readonly elapsedMs: number;
      readonly silentMs: number;
      /** What it was doing when it was last heard. */
      readonly tool: string | undefined;
    }
  /** A stop was cut short by the end of the bot, and gave no receipt. */
  | {
      readonly kind: "stop_cut";
      readonly token: string;
      readonly cancelled: number;
      /** Nothing can bring them back. */
      readonly lost: number;
    }
  | {
      readonly kind: "resume_failed";
      readonly sessionId: string;
      readonly session: string;
      readonly reason: string;
      readonly waiting: number;
    }
  | {
      readonly kind: "interrupted";
      readonly session: string;
      readonly turn: number;
      /** What grew under it becomes this message. */
      readonly turnKey: string;
      /** Whether a person's message is at stake; without one there is nothing to resume. */
      readonly canResume: boolean;
      /** The end of what had been shown of the answer; empty where nothing was. */
      readonly shown: string;
      readonly waiting: number;
    }
  | {
      readonly kind: "does_not_end";
      readonly session: string;
    }
  | {
      readonly kind: "topic_gone";
      /** Bound to it, by id and name. */
      readonly sessions: readonly { readonly id: string; readonly name: string }[];
    }
  | {
      readonly kind: "request";
      readonly request: string;
      readonly session: string;
      readonly ask: AgentRequest["ask"];
    };

/** Tools of an agent that must be seen gone. */
export interface ToolProcesses {
  /**
   * Waits a moment until nothing is left that the agent started in sessions of its own, then ends what is. The agent
   * itself and what it keeps in its own session (its servers) are left alone.
   * @returns how many had to be ended; rejects naming whoever does not end
   */
  endStrays(agent: ProcessIdentity): Promise<number>;
}

/** Files of messages, by their path inside the session's folder. */
export interface MessageFiles {
  readImage(folderId: string, path: string, mediaType: string): Promise<AgentImage>;
}
