import type { SupervisorMessage } from "../../../shared/contract/ipc.ts";
import type { ProcessIdentity } from "../../../shared/process/identity.ts";
import type { OwnProcessEvents } from "./own-process.ts";

export interface BotProcessEvents extends OwnProcessEvents {
  /** Whatever came over the channel, unchecked. */
  message(value: unknown): void;
}

/** One process of a bot, from its spawn to the end of its output. */
export interface BotProcess {
  readonly pid: number | undefined;
  readonly identity: ProcessIdentity | undefined;
  /** A process without a channel answers nothing, so it is not asked whether it hangs. */
  readonly hasChannel: boolean;
  /** Over the channel, or by SIGTERM where there is none. */
  askToStop(reason: string): void;
  /** Over the channel; lost where there is none. */
  tell(message: SupervisorMessage): void;
  /** SIGKILL to the process and its whole tree; its end is told by `exited`. */
  kill(): Promise<void>;
  /** After the end: reads what is still in the pipes, then lets go of them. */
  release(): void;
}

/** What a child needs from the world. */
export interface ChildPorts {
  /** Calls nothing of `events` before it has returned. */
  spawn(events: BotProcessEvents): BotProcess;
  /**
   * Ends everything that carries the mark of this bot and of this supervisor, in whatever session it runs. Resolves with
   * the pids of whoever was still there; rejects naming whoever does not die.
   */
  sweep(): Promise<readonly number[]>;
  /**
   * For a bot whose polling lock the supervisor holds: resolves when it is held, at once if it is already. Rejects with
   * why not; after an abort of the signal the lock must not stay taken for this bot.
   */
  readonly acquireLock: ((signal: AbortSignal) => Promise<void>) | undefined;
}
