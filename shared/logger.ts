import { Writable } from "node:stream";
import winston from "winston";
import { systemClock } from "./clock.ts";
import { printLine, unblockConsole } from "./console/console-output.ts";
import { systemErrorCode } from "./errors.ts";
import type { LogFile } from "./log-file.ts";
import { redact } from "./redact.ts";

export type LogLevel = "error" | "warn" | "info" | "debug";

/** Values shown behind the message as `key=value`; undefined ones are left out. */
export type LogFacts = Readonly<Record<string, unknown>>;

export interface Log {
  error(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  debug(message: string, facts?: LogFacts): void;
}

export interface LogOptions {
  /** Who speaks: `supervisor` or a bot's name. */
  readonly label: string;
  readonly level: LogLevel;
  readonly file?: LogFile;
  /** Defaults to standard output. */
  readonly print?: (line: string) => void;
}

/**
 * One line per record: `2026-11-20T06:30:00.000Z WARN  [treasury] message key=value`. Where a text has several, those that
 * follow are indented: whoever reads the log knows by that to which record they belong.
 * Tokens are redacted here, whatever was logged; an Error among the facts is shown with its stack and its causes.
 */
export function createLog(options: LogOptions): Log {
  const print = options.print ?? printLine;
  const sink = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      const line = chunk.trimEnd();
      options.file?.append(line);
      print(line);
      done();
    },
  });
  const logger = winston.createLogger({
    level: options.level,
    format: winston.format.printf((record) => formatLine(options.label, record)),
    transports: [new winston.transports.Stream({ stream: sink, eol: "\n" })],
  });
  const at =
    (level: LogLevel) =>
    (message: string, facts?: LogFacts): void => {
      logger.log(level, message, { facts });
    };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/**
 * A write to a pipe whose reader died raises 'error' on the stream; unhandled, it ends the process in mid-work or,
 * with a handler that logs, spins; and a write to a terminal waits for its reader. Call this first in every program that
 * runs for long; `onBroken` starts the orderly stop when nobody reads any more.
 */
export function guardStandardStreams(onBroken: () => void): void {
  unblockConsole();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      // A full disk behind a redirected output costs lines, not bots; the log file has them, or has no room either.
      if (systemErrorCode(error) === "EPIPE") onBroken();
    });
  }
}

function formatLine(label: string, record: winston.Logform.TransformableInfo): string {
  const time = new Date(systemClock.now()).toISOString();
  const facts = record["facts"];
  const shown = Object.entries(typeof facts === "object" && facts !== null ? facts : {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${formatValue(value)}`)
    .join("");
  const line = `${time} ${record.level.toUpperCase().padEnd(5)} [${label}] ${String(record.message)}${shown}`;
  return redact(line.replaceAll(/\r?\n(?=\S)/g, "\n    "));
}

function formatValue(value: unknown): string {
  if (value instanceof Error) return formatError(value);
  if (typeof value === "string") return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}

function formatError(error: Error): string {
  const cause = error.cause instanceof Error ? `\n  caused by ${formatError(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
