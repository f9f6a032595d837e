import { type ChildProcess, spawn } from "node:child_process";
import type { Clock } from "../../../shared/clock.ts";
import {
  type BotCheck,
  type BotFinding,
  botCheckFlags,
  botFindingsSchema,
} from "../../../shared/contract/bot-check.ts";
import { ConfigurationError, OperationError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { identifyProcess } from "../../../shared/process/identity.ts";
import { markEnvironment } from "../../../shared/process/marker.ts";
import { wrapWithDeathSignal } from "../../../shared/process/start/death-signal.ts";
import { terminateTree } from "../../../shared/process/terminate.ts";
import { redact } from "../../../shared/redact.ts";
import { describeExit, type ExitStatus } from "../restart-policy.ts";
import { childEnvironment } from "./child-environment.ts";
import { botEntry } from "./spawn-bot.ts";

export interface CheckBotOptions {
  readonly name: string;
  readonly what: BotCheck;
  /** From `fleetId()`. */
  readonly fleet: string;
  /** As at a start: its settings and its token. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A bot's program loads within a second; a loaded machine, and agents that are asked for their version, take some. */
const answerWithinMs = 30_000;
/** More is no finding. */
const longestAnswer = 64 * 1024;

/**
 * Asks a bot's own program whether it could start so: in a process that only looks and ends.
 * @returns what it found out about its machine, where that was asked
 * @throws ConfigurationError in the bot's own words; OperationError where the program does not answer
 */
export async function checkBot(options: CheckBotOptions): Promise<readonly BotFinding[]> {
  const { name, what, fleet, environment, clock, signal } = options;
  signal.throwIfAborted();
  const { file, args } = wrapWithDeathSignal(process.execPath, [
    ...process.execArgv.filter((argument) => !argument.startsWith("--inspect")),
    botEntry,
    name,
    botCheckFlags[what],
  ]);
  // A mark of its own: the bot itself may end meanwhile, and everything with its mark is ended then.
  const mark = markEnvironment(fleet, `${name} (check)`);
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment(process.env, environment, mark),
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  const enough = new AbortController();
  const late = clock.sleep(answerWithinMs, AbortSignal.any([enough.signal, signal]));
  late.catch(() => undefined);
  try {
    const answer = await Promise.race([readAnswer(child), late]);
    if (answer === undefined)
      throw new OperationError(
        `${name}: its program did not say within ${answerWithinMs / 1_000} s whether it can start with its settings.`,
      );
    return findingsOf(name, what, answer);
  } finally {
    enough.abort();
    if (identity !== undefined) await terminateTree({ identity, graceMs: 0, clock });
  }
}

interface ProgramAnswer extends ExitStatus {
  readonly out: string;
  readonly problems: string;
}

async function readAnswer(child: ChildProcess): Promise<ProgramAnswer> {
  const out = collect(child.stdout);
  const problems = collect(child.stderr);
  const exit = await new Promise<ExitStatus>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { ...exit, out: out.text, problems: problems.text };
}

function collect(stream: ChildProcess["stdout"]): { readonly text: string } {
  const collected = { text: "" };
  stream?.setEncoding("utf8").on("data", (piece: string) => {
    collected.text = (collected.text + piece).slice(0, longestAnswer);
  });
  return collected;
}

function findingsOf(
  name: string,
  what: BotCheck,
  { problems, out, ...exit }: ProgramAnswer,
): readonly BotFinding[] {
  const words = redact(problems.trim());
  if (exit.code === exitCode.configuration) throw new ConfigurationError(words);
  if (exit.code !== exitCode.clean)
    throw new OperationError(`${name}: its program ${describeExit(exit)}.\n${words}`.trim());
  if (what === "check") return [];
  // A bot's module may print something while it loads.
  return botFindingsSchema.parse(JSON.parse(out.trim().split("\n").at(-1) ?? ""));
}
