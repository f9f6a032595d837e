import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../errors.ts";
import { type AnswerConfig, resolveAnswers } from "./answer-entry.ts";
import { botFile, listBotFolders } from "./bot-folders.ts";
import { type CommandConfig, resolveCommand } from "./command-entry.ts";
import type { Environment } from "./environment.ts";
import { botDefaults, type FleetFile, type RestartLimits, readFleetFile } from "./fleet-file.ts";

export interface BotConfig {
  readonly name: string;
  readonly role: "main" | "auxiliary";
  /** The environment variable that holds the token; where it is empty, main's token serves. */
  readonly tokenVariable: string;
  readonly webhook: "delete" | "keep";
  readonly answers: AnswerConfig;
  readonly options: Readonly<Record<string, unknown>>;
  /** Undefined for a bot that is a folder of `bots/`. */
  readonly command: CommandConfig | undefined;
}

/** fleet.yaml and environment, checked and filled. Inside the program nothing is optional any more. */
export interface FleetConfig {
  readonly environment: Environment;
  /** Undefined where there is no fleet.yaml. */
  readonly file: string | undefined;
  readonly stateDir: string;
  readonly pollTimeoutSeconds: number;
  readonly restart: RestartLimits;
  readonly sandboxPort: number;
  readonly allowedUsers: readonly number[];
  /** Groups in which everybody may. */
  readonly allowedChats: readonly number[];
  /** Main first. */
  readonly bots: readonly BotConfig[];
}

export const mainTokenVariable = "TELEGRAM_BOT_TOKEN";

/** `treasury` -> `TREASURY_BOT_TOKEN`; a name that ends in `_bot` does not say it twice. */
export function tokenVariableOf(name: string): string {
  return name === "main"
    ? mainTokenVariable
    : `${name.replace(/_bot$/, "").toUpperCase()}_BOT_TOKEN`;
}

/** @throws ConfigurationError */
export function loadFleetConfig(environment: Environment, workingDir: string): FleetConfig {
  const path = join(workingDir, "fleet.yaml");
  const { file, found } = readFleetFile(path);
  return {
    environment,
    file: found ? path : undefined,
    stateDir: environment.stateDir ?? join(workingDir, "var"),
    pollTimeoutSeconds: file.poll_timeout_seconds,
    restart: file.restart,
    sandboxPort: file.sandbox.port,
    allowedUsers: [...new Set([...environment.allowedUsers, ...file.allowed_users])],
    allowedChats: file.allowed_chats,
    bots: resolveBots(file, path, environment),
  };
}

function resolveBots(file: FleetFile, path: string, environment: Environment): BotConfig[] {
  const entries = file.bots ?? Object.fromEntries(listBotFolders().map((name) => [name, null]));
  if (!("main" in entries)) {
    throw new ConfigurationError(
      `${path}: bots.main is missing. A fleet has a main bot; add "main:" under "bots:".`,
    );
  }
  const names = Object.keys(entries).toSorted(
    (a, b) => Number(b === "main") - Number(a === "main"),
  );
  return names.map((name) => {
    const entry = entries[name] ?? botDefaults;
    const command = resolveCommand(entry, dirname(path), environment.variables);
    if (command === undefined) requireFolder(name, path);
    else if (name === "main") {
      throw new ConfigurationError(
        `${path}: bots.main.command: main is the bot of bots/main and cannot be a command. Give the command a bot of its own.`,
      );
    }
    return {
      name,
      role: name === "main" ? "main" : "auxiliary",
      tokenVariable: entry.token_env ?? tokenVariableOf(name),
      webhook: entry.webhook,
      answers: resolveAnswers(file.answers, entry.answers),
      options: entry.options,
      command,
    };
  });
}

function requireFolder(name: string, path: string): void {
  if (existsSync(botFile(name))) return;
  const known = listBotFolders().join(", ");
  throw new ConfigurationError(
    `${path}: bots.${name}: there is no folder bots/${name} with a bot in it, and no "command". Known bots: ${known}.`,
  );
}
