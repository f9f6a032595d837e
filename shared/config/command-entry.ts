import { resolve } from "node:path";
import { z } from "zod";

/** Set by the supervisor for every command; fleet.yaml cannot say otherwise. */
const reserved: ReadonlySet<string> = new Set([
  "TELEGRAM_BOT_TOKEN",
  "TELEGRAM_API_ROOT",
  "SKIP_TELEGRAM_LOCK",
]);

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "needs the name of an environment variable")
  .refine((name) => !reserved.has(name) && !name.startsWith("TG_SUPERVISOR_"), {
    error: "is set by the supervisor",
  });

const line = z.string().regex(/^[^\0]+$/, "must not be empty");

/** The keys of a bot in fleet.yaml that make it a command. */
export const commandKeys = {
  /** Program and arguments; no shell reads them. */
  command: z.tuple([line], z.string()).optional(),
  cwd: line.optional(),
  /** A variable without a value is handed through from the supervisor's environment. */
  env: z.record(variableName, z.union([z.string(), z.number(), z.boolean()]).nullable()).optional(),
  stop_deadline_seconds: z.number().min(0).max(300).optional(),
};

type CommandEntry = z.infer<z.ZodObject<typeof commandKeys>>;

/** A bot in any language: a program that polls its token itself. */
export interface CommandConfig {
  /** As written: a name is looked up on the PATH, whatever has a `/` is a path (absolute here). */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What fleet.yaml gives it besides the harmless part of the supervisor's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Between SIGTERM and SIGKILL. */
  readonly stopDeadlineMs: number;
}

/** Design, section 7: an auxiliary bot has 5 s for its ordered stop. */
const defaultStopDeadlineSeconds = 5;

/**
 * @param folder of fleet.yaml, where relative paths begin
 * @param variables the supervisor's environment
 * @returns undefined for a bot that is a folder of `bots/`
 */
export function resolveCommand(
  entry: CommandEntry,
  folder: string,
  variables: Readonly<Record<string, string | undefined>>,
): CommandConfig | undefined {
  if (entry.command === undefined) return undefined;
  const [program, ...args] = entry.command;
  const env = Object.entries(entry.env ?? {}).flatMap(([name, value]): [string, string][] => {
    const given = value === null ? variables[name] : String(value);
    return given === undefined ? [] : [[name, given]];
  });
  return {
    program: program.includes("/") ? resolve(folder, program) : program,
    args,
    cwd: resolve(folder, entry.cwd ?? "."),
    env: Object.fromEntries(env),
    stopDeadlineMs: Math.round((entry.stop_deadline_seconds ?? defaultStopDeadlineSeconds) * 1_000),
  };
}
