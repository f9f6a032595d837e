import { type ChildProcess, spawn } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../../shared/clock.ts";
import { expectedParentVariable, type SupervisorMessage } from "../../../shared/contract/ipc.ts";
import type { Log } from "../../../shared/logger.ts";
import { wrapWithDeathSignal } from "../../../shared/process/death-signal.ts";
import { identifyProcess, identifySelf } from "../../../shared/process/identity.ts";
import { isOwnedBy, type Mark, markEnvironment } from "../../../shared/process/marker.ts";
import { sweepMarked, terminateTree } from "../../../shared/process/terminate.ts";
import { childEnvironment } from "./child-environment.ts";
import { readOutput } from "./child-output.ts";
import type { BotProcess, BotProcessEvents, ChildPorts } from "./ports.ts";

export interface SpawnBotOptions {
  readonly name: string;
  /** From `fleetId()`. */
  readonly fleet: string;
  /** What the child gets besides the harmless part of ours: its settings and its token. */
  readonly environment: Readonly<Record<string, string>>;
  /** Labelled with the bot's name. */
  readonly log: Log;
  /** Takes the bot's own log lines. */
  readonly print: (line: string) => void;
  readonly clock: Clock;
  /** The program; by default the entry of our bots. */
  readonly entry?: string;
  /** Node's own arguments; by default ours. */
  readonly execArgv?: readonly string[];
}

/** What a process of a dead bot gets to end in order, before it is killed (design, section 7: agents get 2 s). */
const survivorGraceMs = 2_000;
/** What is still in the pipes of a dead process is read for so long. */
const outputGraceMs = 2_000;

const botEntry = fileURLToPath(
  new URL(`../../../bots/run-bot${extname(import.meta.url)}`, import.meta.url),
);

/** A bot as a real process: `node bots/run-bot <name>` in a group of its own, marked, with a channel to us. */
export function spawnedBot(options: SpawnBotOptions): Omit<ChildPorts, "acquireLock"> {
  const self = identifySelf();
  const isOurs = (mark: Mark): boolean =>
    mark.fleet === options.fleet && mark.bot === options.name && isOwnedBy(mark, self);
  return {
    spawn: (events) => spawnBot(options, isOurs, events),
    sweep: async () => {
      const found = await sweepMarked(isOurs, { graceMs: survivorGraceMs, clock: options.clock });
      return found.map(({ pid }) => pid);
    },
  };
}

function spawnBot(
  options: SpawnBotOptions,
  isOurs: (mark: Mark) => boolean,
  events: BotProcessEvents,
): BotProcess {
  const { name, fleet, environment, log, clock, entry = botEntry } = options;
  const execArgv = (options.execArgv ?? process.execArgv).filter(
    // One debugger port cannot serve all.
    (argument) => !argument.startsWith("--inspect"),
  );
  const { file, args } = wrapWithDeathSignal(process.execPath, [...execArgv, entry, name]);
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: childEnvironment(
      process.env,
      environment,
      { [expectedParentVariable]: String(process.pid) },
      markEnvironment(fleet, name),
    ),
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  child.once("exit", (code, signal) => {
    events.exited({ code, signal });
  });
  child.on("message", (message) => {
    events.message(message);
  });
  child.on("error", (error) => {
    if (child.pid === undefined) events.failed(error);
    else log.debug("its process could not be reached", { error });
  });
  const endOutput = [child.stdout, child.stderr].map((stream) =>
    stream === null
      ? () => undefined
      : readOutput(stream, stream === child.stderr ? "warn" : "info", options),
  );
  return {
    pid: child.pid,
    identity,
    askToStop(reason) {
      if (!tell(child, { type: "stop", reason })) child.kill("SIGTERM");
    },
    ping(sequence) {
      tell(child, { type: "ping", sequence });
    },
    async kill() {
      if (identity === undefined) return;
      await terminateTree({ identity, markPredicate: isOurs, graceMs: 0, clock });
    },
    release() {
      for (const end of endOutput) end(outputGraceMs);
    },
  };
}

/** False when there is no channel. One that breaks under the write tells it by the end of the process. */
function tell(child: ChildProcess, message: SupervisorMessage): boolean {
  return child.connected && child.send(message, () => undefined);
}
