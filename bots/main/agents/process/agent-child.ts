import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import type { Cancel, Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import { identifyProcess, type ProcessIdentity } from "../../../../shared/process/identity.ts";
import { wrapWithDeathSignal } from "../../../../shared/process/start/death-signal.ts";
import { findProgram } from "../../../../shared/process/start/program.ts";
import { sweepMarked, terminateTree } from "../../../../shared/process/terminate.ts";
import type { AgentStopReport } from "../port.ts";
import { hasMarkOf } from "./agent-mark.ts";
import { ErrorTail } from "./error-tail.ts";
import { LineReader } from "./line-reader.ts";

export interface AgentProgram {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** All of it, the mark included. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why it must not be started, in words for a person. */
  readonly refusal: string | undefined;
}

export interface AgentChildEvents {
  /** One line of its standard output, the half line of a dying one included. */
  line(text: string): void;
  /** Once, last: ended, read to the end, and swept. */
  ended(end: AgentChildEnd): void;
}

export interface AgentChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why no process came to be. */
  readonly failure: string | undefined;
  /** Last lines of its standard error, redacted. */
  readonly errorTail: string;
}

/** What a tool of an agent that ended by itself gets between SIGTERM and SIGKILL. */
const sweepGraceMs = 2_000;
/** What is still in the pipe of a dead agent is read for so long; a stranger may hold its other end for ever. */
const outputGraceMs = 2_000;

/** The process of an agent, whatever it speaks: a group of its own, marked, lines out, lines in, nothing left behind. */
export class AgentChild {
  readonly identity: ProcessIdentity | undefined;
  private readonly child: ChildProcess | undefined;
  private readonly events: AgentChildEvents;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly program: AgentProgram;
  private readonly errorTail = new ErrorTail();
  private readonly reader: LineReader;
  private readonly hurry = new AbortController();
  private readonly finished: Promise<void>;
  private termination: Promise<AgentStopReport> | undefined;
  private swept = 0;

  constructor(program: AgentProgram, events: AgentChildEvents, clock: Clock, log: Log) {
    this.program = program;
    this.events = events;
    this.clock = clock;
    this.log = log;
    this.reader = new LineReader((line) => {
      if (line !== "") events.line(line);
    });
    const started = start(program);
    if (typeof started === "string") {
      this.finished = this.finish({ code: null, signal: null }, started);
      return;
    }
    this.child = started;
    this.identity = started.pid === undefined ? undefined : identifyProcess(started.pid);
    this.finished = this.follow(started);
  }

  /** One line. Lost where nobody reads any more: that is told by the end of the process. */
  write(line: string): void {
    const { stdin } = this.child ?? {};
    if (stdin?.writable === true) stdin.write(`${line}\n`);
  }

  /**
   * stdin closed, SIGTERM, the grace, SIGKILL, the sweep. Called again with less patience, the shorter grace holds; called
   * again after it failed, it is tried anew.
   * @throws OperationError naming who does not end
   */
  stop(graceMs: number): Promise<AgentStopReport> {
    if (this.termination !== undefined) return this.hurryAfter(graceMs, this.termination);
    this.child?.stdin?.end();
    const termination = this.terminate(graceMs);
    this.termination = termination;
    // Whoever called hears of it; the end of the process waits for it too.
    termination.catch(() => {
      this.termination = undefined;
    });
    return termination;
  }

  private async hurryAfter(
    graceMs: number,
    termination: Promise<AgentStopReport>,
  ): Promise<AgentStopReport> {
    const cancel: Cancel = this.clock.schedule(graceMs, () => {
      this.hurry.abort(new Error("the shorter grace is over"));
    });
    try {
      return await termination;
    } finally {
      cancel();
    }
  }

  private async terminate(graceMs: number): Promise<AgentStopReport> {
    const { identity, clock } = this;
    if (identity === undefined) {
      await this.finished;
      return { root: "gone", swept: this.swept };
    }
    const { root, survivors } = await terminateTree({
      identity,
      markPredicate: hasMarkOf(this.program.environment),
      graceMs,
      clock,
      signal: this.hurry.signal,
    });
    this.swept += survivors.length;
    await this.finished;
    return { root, swept: this.swept };
  }

  private async follow(child: ChildProcess): Promise<void> {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.reader.write(chunk);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.errorTail.write(chunk);
    });
    // EPIPE and the like: the process went away, which its end tells.
    for (const stream of child.stdio)
      stream?.on("error", (error) => {
        this.log.debug("a pipe of the agent broke", { error: errorMessage(error) });
      });
    const closed = new Promise<void>((resolve) => {
      child.once("close", () => {
        resolve();
      });
    });
    const failure = await new Promise<string | undefined>((resolve) => {
      child.once("exit", () => {
        resolve(undefined);
      });
      child.on("error", (error) => {
        if (child.pid === undefined) resolve(errorMessage(error));
        else this.log.debug("the agent could not be reached", { error: errorMessage(error) });
      });
    });
    if (failure === undefined) await Promise.all([this.readToEnd(child, closed), this.sweep()]);
    await this.finish({ code: child.exitCode, signal: child.signalCode }, failure);
  }

  private async readToEnd(child: ChildProcess, closed: Promise<void>): Promise<void> {
    const cancel = this.clock.schedule(outputGraceMs, () => {
      for (const stream of child.stdio) stream?.destroy();
    });
    await closed;
    cancel();
  }

  /** A stop that is under way sweeps by itself, and sees everything gone. */
  private async sweep(): Promise<void> {
    if (this.termination !== undefined && this.identity !== undefined) return;
    try {
      const found = await sweepMarked(hasMarkOf(this.program.environment), {
        graceMs: sweepGraceMs,
        clock: this.clock,
        signal: this.hurry.signal,
      });
      this.swept += found.length;
      if (found.length > 0)
        this.log.warn("ended what an agent left behind", { pids: found.map(({ pid }) => pid) });
    } catch (error) {
      this.log.error("what an agent left behind could not be ended", {
        error: errorMessage(error),
      });
    }
  }

  private async finish(
    exit: Pick<AgentChildEnd, "code" | "signal">,
    failure: string | undefined,
  ): Promise<void> {
    // Whoever started it has its hands on it by then, also where nothing came to be.
    await new Promise((resolve) => setImmediate(resolve));
    this.reader.end();
    this.events.ended({ ...exit, failure, errorTail: this.errorTail.end() });
  }
}

/** @returns in words why there is no process */
function start(program: AgentProgram): ChildProcess | string {
  const { file, args, folder, environment, refusal } = program;
  if (refusal !== undefined) return refusal;
  // Looked at first: the wrapper is always there, and would only die of what is not.
  if (findProgram(file, "/") === undefined)
    return `${file} does not exist or is not executable. Install it, or correct its path.`;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return `The folder ${folder} does not exist.`;
  const call = wrapWithDeathSignal(file, args);
  try {
    return spawn(call.file, call.args, {
      cwd: folder,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: environment,
    });
  } catch (error) {
    return errorMessage(error);
  }
}
