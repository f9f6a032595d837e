import { parseArgs } from "node:util";
import { accessPath, readAccess } from "../../../shared/access/access-file.ts";
import { type AccessTools, codeLifeMs, offerCode, revoke } from "../../../shared/access/pairing.ts";
import { systemClock } from "../../../shared/clock.ts";
import { readEnvironment } from "../../../shared/config/environment.ts";
import { type FleetConfig, loadFleetConfig } from "../../../shared/config/fleet-config.ts";
import { errorMessage, OperationError, UsageError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { createLog } from "../../../shared/logger.ts";

const usage = "Usage: tg-supervisor pair [--bot <name>] [--list | --revoke <user id>]";

interface Wish {
  readonly bot: string;
  readonly list: boolean;
  readonly revoke: number | undefined;
}

/**
 * Lets a person in who is on no list: prints a code to be sent to the bot. Works on files that a running bot reads, so
 * it needs no restart and no supervisor.
 * @throws UsageError, OperationError (nobody to revoke)
 */
export async function pair(args: readonly string[]): Promise<number> {
  const config = loadFleetConfig(readEnvironment(process.env, process.cwd()), process.cwd());
  const wish = readArguments(args);
  requireFolderBot(config, wish.bot);
  const path = accessPath(config.stateDir, wish.bot);
  const log = createLog({ label: "pair", level: "warn", print: printAside });
  const tools: AccessTools = { clock: systemClock, log };
  if (wish.list) await list(path, wish.bot, tools);
  else if (wish.revoke !== undefined) await putOut(config, path, wish.bot, wish.revoke, tools);
  else {
    const code = await offerCode(path, tools);
    console.log(
      `To be sent to the bot in a private chat, within ${codeLifeMs / 60_000} minutes:\n\n  /pair ${code}\n\nIt lets one person use ${wish.bot}. Give it to nobody else.`,
    );
  }
  return exitCode.clean;
}

function printAside(line: string): void {
  console.error(line);
}

async function list(path: string, bot: string, tools: AccessTools): Promise<void> {
  const { people, codes } = await readAccess(path, tools);
  const nowMs = tools.clock.now();
  const open = codes.filter(({ expiresAtMs }) => expiresAtMs > nowMs).length;
  for (const { id, name, pairedAtMs } of people)
    console.log(`${String(id).padEnd(14)} ${new Date(pairedAtMs).toISOString()} ${name}`);
  if (people.length === 0) console.log(`Nobody was let into ${bot} by a code.`);
  if (open > 0) console.log(`Codes that wait: ${open}.`);
}

async function putOut(
  config: FleetConfig,
  path: string,
  bot: string,
  userId: number,
  tools: AccessTools,
): Promise<void> {
  const wasIn = await revoke(path, userId, tools);
  const listed = config.allowedUsers.includes(userId)
    ? ` ${userId} is in TG_ALLOWED_USERS or allowed_users too: take the id out there and restart the fleet.`
    : "";
  if (!wasIn)
    throw new OperationError(
      `${userId} was not let into ${bot} by a code.${listed || ` ${usage}`}`,
    );
  console.log(`${userId} may not use ${bot} any more.${listed}`);
}

function requireFolderBot({ bots }: FleetConfig, name: string): void {
  const known = bots.filter(({ command }) => command === undefined).map((bot) => bot.name);
  if (known.includes(name)) return;
  const why = bots.some((bot) => bot.name === name)
    ? `${name} is a command: its own program says who may use it.`
    : `There is no bot "${name}" in this fleet.`;
  throw new UsageError(`${why} Bots that can be paired with: ${known.join(", ")}.`);
}

function readArguments(args: readonly string[]): Wish {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        bot: { type: "string", default: "main" },
        list: { type: "boolean", default: false },
        revoke: { type: "string" },
      },
    });
    if (values.list && values.revoke !== undefined) throw new Error("--list or --revoke, not both");
    if (values.revoke !== undefined && !/^\d{1,15}$/.test(values.revoke))
      throw new Error("--revoke takes a numeric user id");
    return {
      bot: values.bot,
      list: values.list,
      revoke: values.revoke === undefined ? undefined : Number(values.revoke),
    };
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}. ${usage}`);
  }
}
