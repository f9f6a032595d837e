import { statSync } from "node:fs";
import { ConfigurationError } from "../../../shared/errors.ts";
import type { ProcessIdentity } from "../../../shared/process/identity.ts";
import { endPolitely } from "../../../shared/process/send-signal.ts";
import { findProgram } from "../../../shared/process/start/program.ts";
import { type OwnProcessEvents, type ProcessOwner, startOwn } from "./own-process.ts";

export interface CommandLine {
  /** A name to be found on the PATH, or an absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What the command gets besides the harmless part of our environment; its PATH counts for the program too. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A foreign program that runs. */
export interface CommandProcess {
  readonly pid: number | undefined;
  readonly identity: ProcessIdentity | undefined;
  /** SIGTERM to its group. */
  askToStop(): void;
  /** SIGKILL to the process and its whole tree. */
  kill(): Promise<void>;
  release(): void;
}

/** What it writes is logged under the bot's name; programs log on standard error, so that is no warning by itself. */
export function spawnCommand(
  owner: ProcessOwner,
  line: CommandLine,
  events: OwnProcessEvents,
): CommandProcess {
  const { child, identity, kill, release } = startOwn(
    owner,
    { ...line, file: line.program, channel: false, errorLevel: "info" },
    events,
  );
  return {
    pid: child.pid,
    identity,
    askToStop() {
      // Until we have seen its exit the pid is its own, and so is the group it leads.
      const runs = child.exitCode === null && child.signalCode === null;
      if (runs && child.pid !== undefined) endPolitely(-child.pid);
    },
    kill,
    release,
  };
}

/**
 * The command with the full path of its program, looked for anew at each start: it may have been installed since.
 * @throws ConfigurationError saying what is missing where
 */
export function locateCommand(line: CommandLine): CommandLine {
  const { program, cwd, environment } = line;
  if (!isFolder(cwd))
    throw new ConfigurationError(
      `its folder ${cwd} does not exist. Make it, or correct "cwd" in fleet.yaml`,
    );
  const found = program.includes("/")
    ? findProgram(program, "/")
    : findProgram(program, environment["PATH"] ?? process.env["PATH"]);
  if (found !== undefined) return { ...line, program: found };
  throw new ConfigurationError(
    program.includes("/")
      ? `${program} does not exist or is not executable. Correct "command" in fleet.yaml, or chmod +x it`
      : `the program "${program}" is not on the PATH. Install it, or write its path into "command" in fleet.yaml`,
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
