import { isDeepStrictEqual } from "node:util";
import type { TelegramAccess } from "../../../shared/config/bot-settings.ts";
import { equipBot } from "../../../shared/config/bot-settings.ts";
import type { FleetConfig } from "../../../shared/config/fleet-config.ts";

/** A configuration with its tokens: all that a fleet is made of. */
export interface FleetMaterial {
  readonly config: FleetConfig;
  readonly access: TelegramAccess;
}

export interface ReloadPlan {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Which of a bot's settings are other ones, never their values: a token may be among them. */
  readonly changed: readonly { readonly bot: string; readonly settings: readonly string[] }[];
  /** What takes effect only when the supervisor is started anew, in words. */
  readonly later: readonly string[];
  /** Why the fleet cannot change to it while it runs; undefined where it can. */
  readonly impossible: string | undefined;
}

/**
 * What turns one fleet into the other. Pure.
 * @param started what the supervisor itself runs with, however often its fleet was reloaded
 */
export function planReload(
  before: FleetMaterial,
  after: FleetMaterial,
  started: FleetConfig,
): ReloadPlan {
  const old = fingerprints(before);
  const next = fingerprints(after);
  const changed = [...next].flatMap(([bot, settings]) => {
    const was = old.get(bot);
    const differing = was === undefined ? [] : differences(was, settings);
    return differing.length === 0 ? [] : [{ bot, settings: differing }];
  });
  return {
    added: [...next.keys()].filter((bot) => !old.has(bot)),
    removed: [...old.keys()].filter((bot) => !next.has(bot)),
    changed,
    later: supervisorsOwn(started, after.config),
    impossible: impossibleBecause(before, after),
  };
}

/** All that a bot's process is made from, by the names that people know from fleet.yaml. */
function fingerprints({ config, access }: FleetMaterial): Map<string, Record<string, unknown>> {
  return new Map(
    config.bots.map((bot) => {
      const { settings, token } = equipBot(config, bot, access);
      const { tokenBots, ...own } = settings;
      return [
        bot.name,
        bot.command === undefined
          ? { ...own, "bots on its token": tokenBots, token }
          : {
              token,
              command: [bot.command.program, ...bot.command.args],
              cwd: bot.command.cwd,
              env: bot.command.env,
              stop_deadline_seconds: bot.command.stopDeadlineMs,
              webhook: bot.webhook,
              apiRoot: access.apiRoot,
              mainBotId: settings.mainBotId,
            },
      ];
    }),
  );
}

function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !isDeepStrictEqual(before[key], after[key])).map(keyName);
}

/** The key of fleet.yaml or the variable that a setting comes from. */
function keyName(setting: string): string {
  const names: Readonly<Record<string, string>> = {
    botId: "token",
    mainBotId: "main's token",
    apiRoot: "TELEGRAM_API_ROOT",
    logLevel: "LOG_LEVEL",
    pollTimeoutSeconds: "poll_timeout_seconds",
    allowedUsers: "allowed_users",
  };
  return names[setting] ?? setting;
}

function supervisorsOwn(started: FleetConfig, after: FleetConfig): string[] {
  const parts: readonly [string, (config: FleetConfig) => unknown][] = [
    ["restart", (config) => config.restart],
    ["alerts", (config) => config.alerts],
    ["sandbox.port", (config) => config.sandboxPort],
    ["dashboard.port", (config) => config.dashboardPort],
  ];
  return parts
    .filter(([, part]) => !isDeepStrictEqual(part(started), part(after)))
    .map(([name]) => name);
}

function impossibleBecause(before: FleetMaterial, after: FleetMaterial): string | undefined {
  const main = (material: FleetMaterial) => material.access.tokens.get("main")?.botId;
  if (before.access.sandbox?.url !== after.access.sandbox?.url)
    return before.access.sandbox === undefined
      ? "there is no token any more, so the fleet would run against the sandbox"
      : "there is a token now, so the fleet would leave the sandbox";
  if (main(before) !== main(after)) return "main's token is another bot's";
  if (before.config.stateDir !== after.config.stateDir) return "the folder of its state is another";
  if (before.config.environment.lockDir !== after.config.environment.lockDir)
    return "the folder of the polling lock is another";
  return undefined;
}

/** The auxiliary bots on main's token, in the order of the configuration. */
export function sharersOfMain({ config, access }: FleetMaterial): string[] {
  const mainBot = access.tokens.get("main")?.botId;
  return config.bots
    .filter((bot) => bot.role === "auxiliary" && access.tokens.get(bot.name)?.botId === mainBot)
    .map((bot) => bot.name);
}
