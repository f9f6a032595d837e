import type { Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import type { AgentProcess } from "../../agents/port.ts";
import type { SessionAgent } from "../life/session-agent.ts";
import type { ToolProcesses } from "../ports.ts";
import type { StoredMessage } from "../queue/message-ledger.ts";
import type { SessionLimits } from "../session-parts.ts";

export interface StopOptions {
  /** Chat-wide stops end background work, too; a stop in a topic only where the process has to be ended anyway. */
  readonly endsBackground: boolean;
  /** Brings the cancelled messages back, once. */
  readonly token: string;
  /** Messages that are not meant, and neither is a turn of theirs. */
  readonly isLater: (message: StoredMessage) => boolean;
}

/** `background`: it works in the background, and that was to end, too. `unheard`: it did not listen, or could not yet. */
export type KillReason = "background" | "unheard";

/** What a stop did to one session. */
export interface SessionStop {
  readonly sessionId: string;
  readonly session: string;
  /**
   * `interrupted`: its turn, the agent lives on. `killed`: the process. `waited` for a seat, and does no more. `nothing`
   * was running.
   */
  readonly how: "interrupted" | "killed" | "waited" | "nothing";
  /** Why the process had to be ended; undefined where it was not. */
  readonly reason: KillReason | undefined;
  readonly tookMs: number;
  /** Seen gone: all that its turn had started. */
  readonly isVerified: boolean;
  /** How many tools had to be ended one by one. */
  readonly toolsEnded: number;
  /** Background work that runs on. */
  readonly backgroundLeft: number;
  readonly cancelled: readonly StoredMessage[];
}

export type ProcessStop = Omit<SessionStop, "sessionId" | "session" | "cancelled">;

/** What was so in the moment of the stop. */
export interface StopFacts {
  /** A turn had no ending yet; it is aborted now. */
  readonly hadTurn: boolean;
  /** It waited for a seat; it does no more. */
  readonly hadWaited: boolean;
}

export interface SessionStopperParts {
  readonly agent: SessionAgent;
  readonly tools: ToolProcesses;
  readonly limits: SessionLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Ends what the process of one session does: by a word if it listens, else by force. */
export class SessionStopper {
  private readonly parts: SessionStopperParts;

  constructor(parts: SessionStopperParts) {
    this.parts = parts;
  }

  /** @param earlier what a stop that is still at work will have done: two at once have one result */
  async run(
    facts: StopFacts,
    { endsBackground }: StopOptions,
    earlier: Promise<ProcessStop> | undefined,
  ): Promise<ProcessStop> {
    const { agent, clock } = this.parts;
    const startedMs = clock.monotonic();
    // The first word must leave in the very moment of the stop, whatever an earlier one still waits for.
    const done = await (facts.hadTurn ? this.endTurn(endsBackground) : undefined);
    const before = await earlier;
    const backgroundLeft = agent.process?.backgroundTasks ?? 0;
    if (typeof done === "string") return this.kill(startedMs, done);
    if (endsBackground && backgroundLeft > 0) return this.kill(startedMs, "background");
    const tookMs = clock.monotonic() - startedMs;
    const lives = { reason: undefined, toolsEnded: 0, isVerified: true, backgroundLeft, tookMs };
    if (done !== undefined) return { ...lives, how: "interrupted", ...done };
    if (facts.hadTurn) return { ...lives, how: "interrupted" };
    if (facts.hadWaited) return { ...lives, how: "waited" };
    return before ?? { ...lives, how: "nothing" };
  }

  /** @returns why it has to be killed; undefined where the agent had not got the turn, or is gone already */
  private async endTurn(
    endsBackground: boolean,
  ): Promise<KillReason | { toolsEnded: number; isVerified: boolean } | undefined> {
    const { agent, limits } = this.parts;
    const { process } = agent;
    if (process === undefined) return agent.state === "ending" ? "unheard" : undefined;
    if (process.state === "idle") return undefined;
    if (process.state === "starting") return "unheard";
    if (endsBackground && process.backgroundTasks > 0) return "background";
    const isConfirmed = await process.interrupt(limits.interruptMs);
    if (!isConfirmed || agent.process !== process) return "unheard";
    return this.verify(process);
  }

  /** Where background work runs on, its processes cannot be told from tools; then nothing is claimed. */
  private async verify(
    process: AgentProcess,
  ): Promise<{ toolsEnded: number; isVerified: boolean }> {
    if (process.backgroundTasks > 0) return { toolsEnded: 0, isVerified: false };
    // It still waits for its start: nothing of it was ever there.
    if (process.identity === undefined) return { toolsEnded: 0, isVerified: true };
    try {
      return { toolsEnded: await this.parts.tools.endStrays(process.identity), isVerified: true };
    } catch (error) {
      const cause = errorMessage(error);
      this.parts.log.error("Tools of a stopped turn do not end.", { cause });
      return { toolsEnded: 0, isVerified: false };
    }
  }

  private async kill(startedMs: number, reason: KillReason): Promise<ProcessStop> {
    const { agent, clock } = this.parts;
    const end = await agent.end();
    return {
      how: "killed",
      reason,
      tookMs: clock.monotonic() - startedMs,
      isVerified: end.isGone,
      toolsEnded: end.swept,
      backgroundLeft: 0,
    };
  }
}
