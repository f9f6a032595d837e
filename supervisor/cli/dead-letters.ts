import { systemClock } from "../../shared/clock.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import { loadFleetConfig } from "../../shared/config/fleet-config.ts";
import { readFleetStatus } from "../../shared/contract/fleet-status.ts";
import { OperationError, UsageError } from "../../shared/errors.ts";
import { exitCode } from "../../shared/exit-code.ts";
import { createLog } from "../../shared/logger.ts";
import { giveOrder } from "../control/client.ts";
import { deadLetterTable } from "../daemon/status/dead-letter-table.ts";

const usage = "Usage: tg-supervisor dead-letters [retry|drop <bot> <number>]";

/** Lists the updates that bots gave up; tries one again, or drops it for good. */
export async function deadLetters(args: readonly string[]): Promise<number> {
  const environment = readEnvironment(process.env, process.cwd());
  const { stateDir } = loadFleetConfig(environment, process.cwd());
  const [order, bot, number, ...rest] = args;
  if (order === undefined) return list(stateDir);
  const seq = Number(number);
  if (
    (order !== "retry" && order !== "drop") ||
    bot === undefined ||
    !Number.isSafeInteger(seq) ||
    rest.length > 0
  ) {
    throw new UsageError(usage);
  }
  await giveOrder(stateDir, "dead_letter", { bot, order, seq });
  console.log(
    order === "retry" ? `${bot} tries ${seq} again; see its log.` : `${bot} drops ${seq}.`,
  );
  return exitCode.clean;
}

async function list(stateDir: string): Promise<number> {
  const log = createLog({
    label: "dead-letters",
    level: "warn",
    print: (line) => console.error(line),
  });
  const fleet = await readFleetStatus(stateDir, log);
  if (fleet === undefined) throw new OperationError(`No supervisor ever ran on ${stateDir}.`);
  console.log(deadLetterTable(fleet.bots, systemClock.now()) ?? "No dead letters.");
  return exitCode.clean;
}
