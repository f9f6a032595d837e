import { flushConsole } from "./console/console-output.ts";
import { errorMessage, isStorageTrouble, OperatorError } from "./errors.ts";
import { exitCode } from "./exit-code.ts";
import type { Log } from "./logger.ts";
import { redact } from "./redact.ts";

/**
 * The outermost frame of every entry: an error for people is one message on standard error and its own exit code,
 * an unexpected one keeps its stack. Ends the process, whatever handle may still be open.
 */
export async function runProgram(
  main: (args: readonly string[]) => Promise<number>,
): Promise<never> {
  let code: number;
  try {
    code = await main(process.argv.slice(2));
  } catch (error) {
    code = tellFailure(error);
  }
  await flushConsole();
  process.exit(code);
}

/** @returns the exit code */
function tellFailure(error: unknown): number {
  const known = error instanceof OperatorError;
  if (!known && isStorageTrouble(error)) {
    process.stderr.write(
      `${redact(errorMessage(error))}\nMake room, or give this user the right to write there.\n`,
    );
    return exitCode.unexpected;
  }
  const text =
    error instanceof Error
      ? known
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`${redact(text)}\n`);
  return known ? error.exitCode : exitCode.unexpected;
}

/**
 * An error that nobody caught ends the process, but is written down first: in the log, redacted, with its stack. The
 * state of the program is not known any more, so there is no ordered stop, nor a wait for whoever reads our output (the
 * log file has the line); whoever started us starts us again.
 */
export function endOnUncaught(log: Log): void {
  const end = (error: unknown): void => {
    log.error("an error that nobody caught; this process ends", { error });
    process.exit(exitCode.unexpected);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
