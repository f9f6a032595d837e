import type { ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../../shared/clock.ts";
import { expectedParentVariable, type SupervisorMessage } from "../../../shared/contract/ipc.ts";
import { type ProcessOwner, startOwn, sweepOwn } from "./own-process.ts";
import type { BotProcess, BotProcessEvents, ChildPorts } from "./ports.ts";

export interface SpawnBotOptions extends ProcessOwner {
  /** What the child gets besides the harmless part of ours: its settings and its token. */
  readonly environment: Readonly<Record<string, string>>;
  /** The program; by default the entry of our bots. */
  readonly entry?: string;
  /** Node's own arguments; by default ours. */
  readonly execArgv?: readonly string[];
}

/** The entry of our bots. */
export const botEntry = fileURLToPath(
  new URL(`../../../bots/run-bot${extname(import.meta.url)}`, import.meta.url),
);

/** A bot as a real process: `node bots/run-bot <name>` in a group of its own, marked, with a channel to us. */
export function spawnedBot(options: SpawnBotOptions): Omit<ChildPorts, "acquireLock"> {
  return { spawn: (events) => spawnBot(options, events), sweep: () => sweepOwn(options) };
}

function spawnBot(options: SpawnBotOptions, events: BotProcessEvents): BotProcess {
  const { name, environment, entry = botEntry } = options;
  const execArgv = (options.execArgv ?? process.execArgv).filter(
    // One debugger port cannot serve all.
    (argument) => !argument.startsWith("--inspect"),
  );
  const { child, identity, kill, release } = startOwn(
    options,
    {
      file: process.execPath,
      args: [...execArgv, entry, name],
      environment: { ...environment, [expectedParentVariable]: String(process.pid) },
      channel: true,
      errorLevel: "warn",
    },
    {
      ...events,
      exited: (exit) => {
        whenHeard(child, options.clock, () => {
          events.exited(exit);
        });
      },
    },
  );
  child.on("message", (message) => {
    events.message(message);
  });
  return {
    pid: child.pid,
    identity,
    hasChannel: true,
    askToStop(reason) {
      if (!tell(child, { type: "stop", reason })) child.kill("SIGTERM");
    },
    tell(message) {
      tell(child, message);
    },
    kill,
    release,
  };
}

/** False when there is no channel. One that breaks under the write tells it by the end of the process. */
function tell(child: ChildProcess, message: SupervisorMessage): boolean {
  return child.connected && child.send(message, () => undefined);
}

/** What is still in the channel of a dead process arrives at once, or somebody else holds the other end. */
const lastWordsWithinMs = 200;

/** Calls back when everything was heard that the process said before its end: its last words tell why it ended. */
function whenHeard(child: ChildProcess, clock: Clock, heard: () => void): void {
  if (!child.connected) {
    heard();
    return;
  }
  const onDisconnect = (): void => {
    cancel();
    heard();
  };
  const cancel = clock.schedule(lastWordsWithinMs, () => {
    child.off("disconnect", onDisconnect);
    heard();
  });
  child.once("disconnect", onDisconnect);
}
