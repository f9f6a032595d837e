import { type ChildProcess, spawn } from "node:child_process";
import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import {
  identifyProcess,
  identifySelf,
  type ProcessIdentity,
} from "../../../shared/process/identity.ts";
import { isOwnedBy, type MarkPredicate, markEnvironment } from "../../../shared/process/marker.ts";
import { wrapWithDeathSignal } from "../../../shared/process/start/death-signal.ts";
import { sweepMarked, terminateTree } from "../../../shared/process/terminate.ts";
import type { ExitStatus } from "../restart-policy.ts";
import { childEnvironment } from "./child-environment.ts";
import { readOutput } from "./child-output.ts";

/** Whose a process is, and where its words go. */
export interface ProcessOwner {
  readonly name: string;
  /** From `fleetId()`. */
  readonly fleet: string;
  /** Labelled with the bot's name. */
  readonly log: Log;
  /** Takes the bot's own log lines. */
  readonly print: (line: string) => void;
  readonly clock: Clock;
}

export interface OwnProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** What it gets besides the harmless part of our environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it has an IPC channel to us. */
  readonly channel: boolean;
  /** How what it writes to its standard error is logged. */
  readonly errorLevel: "info" | "warn";
}

export interface OwnProcessEvents {
  /** Once: the process has ended. */
  exited(exit: ExitStatus): void;
  /** Instead of `exited`: no process came to be. */
  failed(error: Error): void;
}

/** A process of a bot, whatever program runs in it. */
export interface OwnProcess {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity | undefined;
  /** SIGKILL to the process and its whole tree. */
  readonly kill: () => Promise<void>;
  /** After the end: reads what is still in the pipes, then lets go of them. */
  readonly release: () => void;
}

/** What a process of a dead bot gets to end in order, before it is killed (design, section 7: agents get 2 s). */
const survivorGraceMs = 2_000;
/** What is still in the pipes of a dead process is read for so long. */
const outputGraceMs = 2_000;

/** In a group of its own, marked, with the death signal, its output read by lines. */
export function startOwn(
  owner: ProcessOwner,
  program: OwnProgram,
  events: OwnProcessEvents,
): OwnProcess {
  const { name, fleet, log, clock } = owner;
  const { file, args } = wrapWithDeathSignal(program.file, program.args);
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(program.channel ? (["ipc"] as const) : [])],
    env: childEnvironment(process.env, program.environment, markEnvironment(fleet, name)),
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  child.once("exit", (code, signal) => {
    events.exited({ code, signal });
  });
  child.on("error", (error) => {
    if (child.pid === undefined) events.failed(error);
    else log.debug("its process could not be reached", { error });
  });
  const endOutput = [child.stdout, child.stderr].map((stream) =>
    stream === null
      ? () => undefined
      : readOutput(stream, stream === child.stderr ? program.errorLevel : "info", owner),
  );
  return {
    child,
    identity,
    async kill() {
      if (identity === undefined) return;
      await terminateTree({ identity, markPredicate: ownMark(owner), graceMs: 0, clock });
    },
    release() {
      for (const end of endOutput) end(outputGraceMs);
    },
  };
}

/** Ends what the owner's ended process left in whatever session. @returns who was still there */
export async function sweepOwn(owner: ProcessOwner): Promise<readonly number[]> {
  const found = await sweepMarked(ownMark(owner), {
    graceMs: survivorGraceMs,
    clock: owner.clock,
  });
  return found.map(({ pid }) => pid);
}

/** The mark of this bot and of this supervisor. */
function ownMark({ fleet, name }: ProcessOwner): MarkPredicate {
  const self = identifySelf();
  return (mark) => mark.fleet === fleet && mark.bot === name && isOwnedBy(mark, self);
}
