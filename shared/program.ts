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
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    const known = error instanceof OperatorError;
    if (!known && isStorageTrouble(error)) {
      process.stderr.write(
        `${redact(errorMessage(error))}\nMake room, or give this user the right to write there.\n`,
      );
      process.exit(exitCode.unexpected);
    }
    const text =
      error instanceof Error
        ? known
          ? error.message
          : (error.stack ?? error.message)
        : String(error);
    process.stderr.write(`${redact(text)}\n`);
    process.exit(known ? error.exitCode : exitCode.unexpected);
  }
}

/**
 * An error that nobody caught ends the process, but is written down first: in the log, redacted, with its stack. The
 * state of the program is not known any more, so there is no ordered stop; whoever started us starts us again.
 */
export function endOnUncaught(log: Log): void {
  const end = (error: unknown): void => {
    log.error("an error that nobody caught; this process ends", { error });
    process.exit(exitCode.unexpected);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
