import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { ConfigurationError, systemErrorCode } from "../errors.ts";

const userIds = z
  .string()
  .default("")
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""))
  .pipe(
    z.array(
      z.string().regex(/^\d+$/, "needs numeric user ids, separated by commas").transform(Number),
    ),
  );

const flag = z
  .enum(["0", "1", "false", "true", ""], { error: "takes 1 or 0" })
  .default("0")
  .transform((text) => text === "1" || text === "true");

/** The variables we read, except the tokens, whose names depend on the bots. Meanings: docs/operations.md. */
const schema = z.object({
  TELEGRAM_API_ROOT: z
    .url({ protocol: /^https?$/, error: "needs an http or https address" })
    .optional(),
  SKIP_TELEGRAM_LOCK: flag,
  TELEGRAM_LOCK_DIR: z.string().min(1).optional(),
  TG_STATE_DIR: z.string().min(1).optional(),
  TG_ALLOWED_USERS: userIds,
  LOG_LEVEL: z
    .enum(["error", "warn", "info", "debug"], { error: "is one of error, warn, info, debug" })
    .default("info"),
  NODE_ENV: z.string().optional(),
});

export interface Environment {
  readonly apiRoot: string | undefined;
  readonly skipNamedLock: boolean;
  readonly lockDir: string;
  readonly stateDir: string | undefined;
  readonly allowedUsers: readonly number[];
  readonly logLevel: "error" | "warn" | "info" | "debug";
  readonly production: boolean;
  /** All variables, `.env` included: for tokens by their names. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * The process environment over `.env` of the working directory (what is exported wins over what is filed).
 * @throws ConfigurationError naming the variable and what it takes
 */
export function readEnvironment(env: NodeJS.ProcessEnv, workingDir: string): Environment {
  const variables = { ...readDotEnv(join(workingDir, ".env")), ...dropEmpty(env) };
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new ConfigurationError(`The environment cannot be used: ${problems.join("; ")}.`);
  }
  const values = parsed.data;
  return {
    apiRoot: values.TELEGRAM_API_ROOT?.replace(/\/+$/, ""),
    skipNamedLock: values.SKIP_TELEGRAM_LOCK,
    lockDir: resolve(workingDir, values.TELEGRAM_LOCK_DIR ?? tmpdir()),
    stateDir:
      values.TG_STATE_DIR === undefined ? undefined : resolve(workingDir, values.TG_STATE_DIR),
    allowedUsers: values.TG_ALLOWED_USERS,
    logLevel: values.LOG_LEVEL,
    production: values.NODE_ENV === "production",
    variables,
  };
}

/** `X=` in a shell or a unit file means "not set", not "set to nothing". */
function dropEmpty(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

function readDotEnv(path: string): Record<string, string | undefined> {
  try {
    return dropEmpty(parseEnv(readFileSync(path, "utf8")));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return {};
    throw new ConfigurationError(
      `${path} cannot be read. Make it readable for this user, or remove it.`,
      { cause: error },
    );
  }
}
