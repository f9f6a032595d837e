import { parseArgs } from "node:util";
import type { TelegramAccess } from "../shared/config/bot-settings.ts";
import { readEnvironment } from "../shared/config/environment.ts";
import { loadFleetConfig } from "../shared/config/fleet-config.ts";
import { resolveAccess } from "../shared/config/telegram-access.ts";
import { errorMessage, OperatorError, UsageError } from "../shared/errors.ts";
import { exitCode } from "../shared/exit-code.ts";
import { createLog } from "../shared/logger.ts";
import { redact } from "../shared/redact.ts";
import { createPollingApi } from "../shared/telegram/polling-api.ts";
import { removeOne } from "./webhook-removal.ts";

const usage = `Usage: npm run delete-webhook -- [--bot NAME | --all] [--dry-run] [--drop-pending]
  --bot NAME      the bot whose webhook is deleted (default: main)
  --all           every bot of the fleet
  --dry-run       only show what is set
  --drop-pending  also throw away the updates that wait (they are kept otherwise)`;

/** Shows and deletes webhooks. Resolves with the exit code; a bot that fails does not keep the others. */
async function main(args: string[]): Promise<number> {
  const { signal } = new AbortController();
  const options = readArguments(args);
  if (options === "help") {
    console.log(usage);
    return exitCode.clean;
  }
  const config = loadFleetConfig(readEnvironment(process.env, process.cwd()), process.cwd());
  const names = config.bots.map((bot) => bot.name);
  if (options.bot !== undefined && !names.includes(options.bot)) {
    throw new UsageError(`There is no bot "${options.bot}". The bots are: ${names.join(", ")}.`);
  }
  const log = createLog({ label: "delete-webhook", level: "warn", print: console.error });
  const access = await resolveAccess(config, log, signal);
  let code: number = exitCode.clean;
  for (const { token, botId, label } of distinctTokens(access, options.bot)) {
    const { api, close } = createPollingApi(token, access.apiRoot);
    try {
      await removeOne({ label, botId, api }, options, console.log, signal);
    } catch (error) {
      const failed = report(error);
      if (code === exitCode.clean) code = failed;
    } finally {
      close();
    }
  }
  return code;
}

interface Arguments {
  /** One bot; undefined: all. */
  readonly bot: string | undefined;
  readonly dryRun: boolean;
  readonly dropPending: boolean;
}

function readArguments(args: string[]): Arguments | "help" {
  const values = parse(args);
  if (values.help) return "help";
  if (values.all && values.bot !== undefined) {
    throw new UsageError(`--bot and --all exclude each other.\n${usage}`);
  }
  return {
    bot: values.all ? undefined : (values.bot ?? "main"),
    dryRun: values["dry-run"],
    dropPending: values["drop-pending"],
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        bot: { type: "string" },
        all: { type: "boolean", default: false },
        "dry-run": { type: "boolean", default: false },
        "drop-pending": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}\n${usage}`, { cause: error });
  }
}

/** One entry per token, named after all bots that share it. */
function distinctTokens(
  { tokens }: TelegramAccess,
  bot: string | undefined,
): { token: string; botId: number; label: string }[] {
  const wanted = [...tokens].filter(([name]) => bot === undefined || name === bot);
  const entries = new Map<string, { botId: number; names: string[] }>();
  for (const [name, { token, botId }] of wanted) {
    const entry = entries.get(token);
    if (entry === undefined) entries.set(token, { botId, names: [name] });
    else entry.names.push(name);
  }
  return [...entries].map(([token, { botId, names }]) => ({
    token,
    botId,
    label: names.join(", "),
  }));
}

/** Says a failure to the person at the terminal; what nobody expected keeps its stack. */
function report(error: unknown): number {
  const expected = error instanceof OperatorError;
  const text = expected || !(error instanceof Error) ? errorMessage(error) : (error.stack ?? "");
  console.error(redact(text));
  return expected ? error.exitCode : exitCode.unexpected;
}

// Not process.exit: what was printed must have left the process.
process.exitCode = await main(process.argv.slice(2)).catch(report);
