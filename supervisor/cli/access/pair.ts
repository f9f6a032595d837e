import { parseArgs } from "node:util";
import { accessPath, readAccess } from "../../../shared/access/access-file.ts";
import { type AccessTools, codeLifeMs, offerCode, revoke } from "../../../shared/access/pairing.ts";
import { systemClock } from "../../../shared/clock.ts";
import type { FleetConfig } from "../../../shared/config/fleet-config.ts";
import { OperationError, UsageError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { createLog } from "../../../shared/logger.ts";
import { argumentsFor, configHere } from "../arguments.ts";

const usage = "pair [--bot <name>] [--list | --revoke <user id>] [--json]";

interface Wish {
  readonly bot: string;
  readonly list: boolean;
  readonly json: boolean;
  readonly revoke: number | undefined;
}

/**
 * Lets a person in who is on no list: prints a code to be sent to the bot. Works on files that a running bot reads, so
 * it needs no restart and no supervisor.
 * @throws UsageError, OperationError (nobody to revoke)
 */
export async function pair(args: readonly string[]): Promise<number> {
  const config = configHere();
  const wish = readArguments(args);
  requireFolderBot(config, wish.bot);
  const path = accessPath(config.stateDir, wish.bot);
  const log = createLog({ label: "pair", level: "warn", print: printAside });
  const tools: AccessTools = { clock: systemClock, log };
  if (wish.list) await list(path, wish, tools);
  else if (wish.revoke !== undefined) await putOut(config, path, wish, wish.revoke, tools);
  else {
    const code = await offerCode(path, tools);
    say(
      wish,
      { bot: wish.bot, code, expiresAt: tools.clock.now() + codeLifeMs },
      `To be sent to the bot in a private chat, within ${codeLifeMs / 60_000} minutes:\n\n  /pair ${code}\n\nIt lets one person use ${wish.bot}. Give it to nobody else.`,
    );
  }
  return exitCode.clean;
}

function printAside(line: string): void {
  console.error(line);
}

function say({ json }: Wish, facts: object, words: string): void {
  console.log(json ? JSON.stringify(facts) : words);
}

async function list(path: string, wish: Wish, tools: AccessTools): Promise<void> {
  const { bot } = wish;
  const { people, codes } = await readAccess(path, tools);
  const nowMs = tools.clock.now();
  const open = codes.filter(({ expiresAtMs }) => expiresAtMs > nowMs).length;
  const lines = people.map(
    ({ id, name, pairedAtMs }) =>
      `${String(id).padEnd(14)} ${new Date(pairedAtMs).toISOString()} ${name}`,
  );
  if (people.length === 0) lines.push(`Nobody was let into ${bot} by a code.`);
  if (open > 0) lines.push(`Codes that wait: ${open}.`);
  say(wish, { bot, people, waitingCodes: open }, lines.join("\n"));
}

async function putOut(
  config: FleetConfig,
  path: string,
  wish: Wish,
  userId: number,
  tools: AccessTools,
): Promise<void> {
  const { bot } = wish;
  const wasIn = await revoke(path, userId, tools);
  const listed = config.allowedUsers.includes(userId)
    ? ` ${userId} is in TG_ALLOWED_USERS or allowed_users too: take the id out there and restart the fleet.`
    : "";
  if (!wasIn)
    throw new OperationError(
      `${userId} was not let into ${bot} by a code.${listed || ` See who was: tg-supervisor pair --bot ${bot} --list`}`,
    );
  say(wish, { bot, userId, revoked: true }, `${userId} may not use ${bot} any more.${listed}`);
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
  return argumentsFor(usage, () => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        bot: { type: "string", default: "main" },
        list: { type: "boolean", default: false },
        revoke: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const { revoke: id, ...wish } = values;
    if (wish.list && id !== undefined) throw new Error("--list or --revoke, not both");
    if (id !== undefined && !/^\d{1,15}$/.test(id))
      throw new Error("--revoke takes a numeric user id");
    return { ...wish, revoke: id === undefined ? undefined : Number(id) };
  });
}
