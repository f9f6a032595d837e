import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { BotMessage } from "../../../shared/contract/ipc.ts";
import type { PollingReport } from "../../../shared/contract/polling-report.ts";
import { isStorageTrouble, OperatorError } from "../../../shared/errors.ts";
import { type ExitCode, exitCode } from "../../../shared/exit-code.ts";
import type { Log } from "../../../shared/logger.ts";
import type { PollGuard } from "../../../shared/polling-lock/poll-guard.ts";
import type { ProcessOwner } from "../../fleet/process/own-process.ts";
import type { BotProcess, BotProcessEvents } from "../../fleet/process/ports.ts";
import {
  type CommandLine,
  type CommandProcess,
  locateCommand,
  spawnCommand,
} from "../../fleet/process/spawn-command.ts";
import { describeExit, type ExitStatus } from "../../fleet/restart-policy.ts";
import { LifecycleFiles } from "./lifecycle-files.ts";
import { type PreparationDeps, prepare } from "./preparation.ts";

export interface CommandRunDeps {
  readonly owner: ProcessOwner;
  readonly line: CommandLine;
  readonly stopDeadlineMs: number;
  /** The folder of its lifecycle files. */
  readonly root: string;
  readonly telegram: Omit<PreparationDeps, "report" | "clock" | "log">;
}

/**
 * A command has no word for "I do my work": it counts as ready when it has lived so long. A program that cannot start
 * (a missing module, a wrong argument) has ended by then.
 */
const readyAfterMs = 1_000;

/**
 * One start of a command: what must be settled before it, its process, its end. It says on the command's behalf what
 * our own bots say over their channel.
 */
export class CommandRun implements BotProcess {
  readonly hasChannel = false;
  private readonly deps: CommandRunDeps;
  private readonly events: BotProcessEvents;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly preparing = new AbortController();
  private guard: PollGuard | undefined;
  private process: CommandProcess | undefined;
  private files: LifecycleFiles | undefined;
  /** Why it is asked to end; the first one stays. */
  private cause: string | undefined;
  /** What its end means, where that is not what its exit code says. */
  private verdict: ExitCode | undefined;
  private exit: ExitStatus | undefined;
  private cancelTimer: Cancel = () => undefined;

  constructor(deps: CommandRunDeps, events: BotProcessEvents) {
    this.deps = deps;
    this.events = events;
    this.clock = deps.owner.clock;
    this.log = deps.owner.log;
    void this.begin();
  }

  get pid() {
    return this.process?.pid;
  }

  get identity() {
    return this.process?.identity;
  }

  askToStop(reason: string): void {
    this.cancelTimer();
    this.cause ??= reason;
    this.files?.stopping(this.cause);
    if (this.process === undefined) this.preparing.abort(new Error(reason));
    else this.process.askToStop();
  }

  /** Nobody listens. */
  tell(): void {}

  async kill(): Promise<void> {
    this.cancelTimer();
    this.preparing.abort(new Error("killed"));
    await this.process?.kill();
  }

  release(): void {
    this.process?.release();
  }

  /** The lock of its token is another's now: it must not poll on, whatever the fleet wants of it. */
  lockLost(): void {
    this.endWith("lock_lost", exitCode.lockHeld);
  }

  /** Last of all, when nothing of its processes is left. */
  async finish(): Promise<void> {
    const exit = this.exit ?? { code: null, signal: null };
    const went = this.cause ?? describeExit(exit);
    const well = this.cause !== undefined || exit.code === exitCode.clean;
    await this.files?.ended(went, well ? undefined : new Error(went));
    await this.guard?.release();
  }

  private async begin(): Promise<void> {
    const { owner, line, telegram, stopDeadlineMs } = this.deps;
    // Nobody hears us before the constructor's caller knows us.
    await Promise.resolve();
    this.say({ type: "hello", stopDeadlineMs, botId: telegram.botId });
    try {
      locateCommand(line);
      const preparation = { ...owner, ...telegram, report: this.report.bind(this) };
      const { guard, remark } = await prepare(preparation, this.preparing.signal);
      this.guard = guard;
      this.preparing.signal.throwIfAborted();
      // Looked for again: the network may have been away for hours.
      this.start(locateCommand(line), remark);
    } catch (error) {
      this.endWithoutProcess(error);
    }
  }

  private start(line: CommandLine, remark: string | undefined): void {
    const { owner, root } = this.deps;
    this.process = spawnCommand(owner, line, {
      exited: (exit) => {
        this.ended(exit);
      },
      failed: (error) => {
        void this.failed(error);
      },
    });
    const holder = this.process.identity;
    if (holder !== undefined)
      this.keepFiles(
        new LifecycleFiles({
          ...owner,
          root,
          holder,
          onClosed: () => {
            this.say({ type: "closed" });
          },
        }),
      );
    this.report({ state: "by_itself", ...(remark === undefined ? {} : { reason: remark }) });
    this.cancelTimer = this.clock.schedule(readyAfterMs, () => {
      this.files?.running();
      this.say({ type: "ready" });
    });
  }

  private keepFiles(files: LifecycleFiles): void {
    this.files = files;
    files.whenOpen().catch((error: unknown) => {
      this.log.error("its lifecycle files could not be opened, so it must not run", { error });
      // A disk that refuses is no crash of the command: tried again in a while, and never given up for it.
      if (isStorageTrouble(error)) return this.endWith("the disk refuses", exitCode.lockHeld);
      const operators = error instanceof OperatorError;
      this.endWith("no lifecycle files", operators ? error.exitCode : exitCode.unexpected);
    });
  }

  /** From our side; the fleet learns of it by the end of the process. */
  private endWith(cause: string, verdict: ExitCode): void {
    if (this.cause !== undefined || this.exit !== undefined) return;
    this.verdict = verdict;
    this.askToStop(cause);
    this.cancelTimer = this.clock.schedule(this.deps.stopDeadlineMs, () => {
      this.process?.kill().catch((error: unknown) => {
        this.log.error("it could not be killed", { error });
      });
    });
  }

  private ended(exit: ExitStatus): void {
    this.cancelTimer();
    this.exit = exit;
    this.events.exited(this.verdict === undefined ? exit : { code: this.verdict, signal: null });
  }

  private endWithoutProcess(error: unknown): void {
    if (this.preparing.signal.aborted) {
      this.ended({ code: exitCode.clean, signal: null });
    } else if (!(error instanceof OperatorError)) {
      this.log.error("it could not be prepared", { error });
      this.ended({ code: exitCode.unexpected, signal: null });
    } else if (error.exitCode === exitCode.tokenRefused) {
      this.log.error(error.message);
      this.ended({ code: error.exitCode, signal: null });
    } else {
      void this.failed(error);
    }
  }

  /** No process came to be, so no look for its rest follows. */
  private async failed(error: Error): Promise<void> {
    this.cancelTimer();
    await this.finish();
    this.events.failed(error);
  }

  private say(message: BotMessage): void {
    this.events.message(message);
  }

  private report(report: PollingReport): void {
    this.say({ type: "polling", report });
  }
}
