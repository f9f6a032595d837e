import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../errors.ts";
import { type AnswerConfig, resolveAnswers } from "./answer-entry.ts";
import { botFile, listBotFolders, listMisnamedFolders } from "./bot-folders.ts";
import { type CommandConfig, resolveCommand } from "./command-entry.ts";
import type { Environment } from "./environment.ts";
import { botDefaults, type FleetFile, type RestartLimits, readFleetFile } from "./fleet-file.ts";
import { fillAgentVariables } from "./variables/agent-variables.ts";
import { fillOptions } from "./variables/option-variables.ts";

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

export interface AlertsConfig {
  readonly chat: number | string;
  /** A forum topic of the chat. */
  readonly topic?: number | undefined;
  /** Between two messages, however much happens. */
  readonly pauseMs: number;
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
  /** Of the fleet's page. */
  readonly dashboardPort: number;
  readonly allowedUsers: readonly number[];
  /** Groups in which everybody may. */
  readonly allowedChats: readonly number[];
  /** The admins' chat; undefined: nobody is told. */
  readonly alerts: AlertsConfig | undefined;
  /** What is not wrong but surely not meant, one sentence each. */
  readonly warnings: readonly string[];
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

/** It does not depend on fleet.yaml, so that a mistake there hides no state. */
export function stateDirOf(environment: Environment, workingDir: string): string {
  return environment.stateDir ?? join(workingDir, "var");
}

/** @throws ConfigurationError */
export function loadFleetConfig(environment: Environment, workingDir: string): FleetConfig {
  const path = join(workingDir, "fleet.yaml");
  const { file, found } = readFleetFile(path);
  return {
    environment,
    file: found ? path : undefined,
    stateDir: stateDirOf(environment, workingDir),
    pollTimeoutSeconds: file.poll_timeout_seconds,
    restart: file.restart,
    sandboxPort: file.sandbox.port,
    dashboardPort: file.dashboard.port,
    allowedUsers: [...new Set([...environment.allowedUsers, ...file.allowed_users])],
    allowedChats: file.allowed_chats,
    alerts: file.alerts,
    warnings: listMisnamedFolders().map(
      (name) =>
        `bots/${name} holds a bot but is left out: a bot's name has lower-case letters, digits and _, begins with a letter and has at most 31 characters. Rename the folder.`,
    ),
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
    const options = fillOptions(entry.options, environment.variables);
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
      options: name === "main" ? fillAgentVariables(options, environment.variables) : options,
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
