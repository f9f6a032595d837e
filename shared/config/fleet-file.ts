import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigurationError, systemErrorCode } from "../errors.ts";
import { parseYaml } from "../storage/yaml-file.ts";
import { answerEntry } from "./answer-entry.ts";
import { botNamePattern } from "./bot-folders.ts";
import { commandKeys } from "./command-entry.ts";

const seconds = z
  .number({ error: "needs a number of seconds" })
  .positive("needs more than 0 seconds");
/** Shorter ones would call a busy machine a hung bot. */
const wholeSeconds = seconds.min(1, "needs at least 1 second");

/** All optional: what is absent keeps the default of `supervisor/fleet/restart-policy.ts`. */
const restartSchema = z
  .strictObject({
    first_pause_seconds: seconds,
    longest_pause_seconds: seconds,
    stable_after_seconds: seconds,
    crash_window_seconds: seconds,
    max_crashes: z.int().positive(),
    give_up_pause_seconds: seconds,
    longest_give_up_pause_seconds: seconds,
    hung_after_seconds: wholeSeconds,
    start_timeout_seconds: wholeSeconds,
  })
  .partial();

const botSchema = z
  .strictObject({
    token_env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, "needs the name of an environment variable, never a token")
      .optional(),
    webhook: z.enum(["delete", "keep"]).default("delete"),
    answers: answerEntry.nullish(),
    options: z.record(z.string(), z.unknown()).default({}),
    ...commandKeys,
  })
  .superRefine((entry, context) => {
    const refuse = (key: string, message: string): void => {
      context.addIssue({ code: "custom", path: [key], message });
    };
    if (entry.command !== undefined && Object.keys(entry.options).length > 0)
      refuse("options", 'is for the bots of bots/; give a command what it needs through "env"');
    if (entry.command !== undefined && entry.answers !== undefined)
      refuse("answers", "is for the bots of bots/; a command sends its own");
    for (const key of ["cwd", "env", "stop_deadline_seconds"] as const)
      if (entry.command === undefined && entry[key] !== undefined)
        refuse(key, 'is for a bot with a "command"');
  });

const sandboxSchema = z.strictObject({ port: z.int().min(0).max(65_535).default(8790) });

const dashboardSchema = z.strictObject({ port: z.int().min(0).max(65_535).default(8791) });

const alertsSchema = z
  .strictObject({
    /** Numeric id, or @name of a public chat. */
    chat: z.union([z.int(), z.string().regex(/^@\w{4,32}$/)], {
      error: "needs the id of a chat (a number) or its @name",
    }),
    topic: z.int().positive().optional(),
    pause_seconds: z.number().min(1).max(3_600).default(60),
  })
  .transform(({ pause_seconds: pause, ...where }) => ({ ...where, pauseMs: pause * 1_000 }));

/** A section with everything below it commented out is null in YAML, and means what its absence means. */
const fleetSchema = z.strictObject({
  bots: z
    .record(
      z
        .string()
        .regex(botNamePattern, "needs lower-case letters, digits and _")
        .refine((name) => name !== "supervisor", { error: "is the supervisor's own name" }),
      botSchema.nullable(),
    )
    .nullish(),
  poll_timeout_seconds: z.int().min(1).max(50).default(30),
  answers: answerEntry.nullish(),
  restart: restartSchema.nullish().transform((limits) => limits ?? {}),
  sandbox: sandboxSchema.nullish().transform((sandbox) => sandbox ?? sandboxSchema.parse({})),
  dashboard: dashboardSchema
    .nullish()
    .transform((dashboard) => dashboard ?? dashboardSchema.parse({})),
  alerts: alertsSchema.nullish().transform((alerts) => alerts ?? undefined),
  allowed_users: z
    .array(z.int().positive())
    .nullish()
    .transform((users) => users ?? []),
  allowed_chats: z
    .array(
      z.int().negative("needs the id of a group, which is negative; people go to allowed_users"),
    )
    .nullish()
    .transform((chats) => chats ?? []),
});

export type FleetFile = z.infer<typeof fleetSchema>;
export type RestartLimits = z.infer<typeof restartSchema>;
export const botDefaults = botSchema.parse({});

/**
 * Reads fleet.yaml; an absent file means the defaults.
 * @throws ConfigurationError with file, line and key of every problem
 */
export function readFleetFile(path: string): { file: FleetFile; found: boolean } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { file: fleetSchema.parse({}), found: false };
    throw new ConfigurationError(`${path} cannot be read. Make it readable for this user.`, {
      cause: error,
    });
  }
  return { file: parseYaml(text, fleetSchema, path), found: true };
}
