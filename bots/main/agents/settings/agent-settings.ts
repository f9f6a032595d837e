import { z } from "zod";
import { holdsToken, isWithheld } from "../../../../shared/process/start/inherited-environment.ts";

/** One configured agent, filled. */
export interface AgentSettings {
  readonly name: string;
  readonly driver: "claude" | "demo";
  /** A name to be found on the PATH, or an absolute path. */
  readonly command: string;
  /** Undefined: the agent's own default. */
  readonly model: string | undefined;
  readonly permissionMode: "ask" | "accept_edits" | "plan" | "skip";
  /** What it gets beside the harmless part of the bot's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Agents and personas are named in chats and in file names. */
export const shortName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,31}$/,
    "needs lower-case letters, digits, _ and -, at most 32 of them",
  );

export const modelName = z
  .string()
  .regex(/^[^-\s][^\s]{0,99}$/, "needs the name of a model, without spaces");

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "needs the name of an environment variable")
  .refine((name) => !isWithheld(name), {
    error: "belongs to the supervisor and its bots; no agent gets it",
  });

const variableValue = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .refine((value) => !holdsToken(value), { error: "looks like a bot token; no agent gets one" })
  .nullable();

const agentSchema = z.strictObject({
  driver: z.enum(["claude", "demo"], { error: "is one of claude, demo" }).optional(),
  command: z
    .string()
    .regex(/^(\/.+|[^/\s]+)$/, "needs a program's name, or its absolute path")
    .optional(),
  model: modelName.optional(),
  permission_mode: z
    .enum(["ask", "accept_edits", "plan", "skip"], {
      error: "is one of ask, accept_edits, plan, skip",
    })
    .default("ask"),
  /** A variable without a value is handed through: filled where fleet.yaml is read, else from the bot's own environment. */
  environment: z
    .record(variableName, variableValue)
    .nullish()
    .transform((variables) => variables ?? {}),
});

const prewarmSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** With less memory left than this none is kept. */
  min_free_mb: z.number().min(0).default(1_024),
});

/** The keys of main's options in fleet.yaml that are about agents. */
export const agentOptionsSchema = z.object({
  agents: z
    .record(shortName, agentSchema.nullable())
    .nullish()
    .transform((agents) => agents ?? {}),
  default_agent: shortName.optional(),
  prewarm: prewarmSchema.nullish().transform((prewarm) => prewarm ?? prewarmSchema.parse({})),
});

export type AgentOptions = z.infer<typeof agentOptionsSchema>;

/**
 * A configured agent with everything filled in.
 * @param variables the bot's own environment
 */
export function fillAgent(
  name: string,
  entry: AgentOptions["agents"][string],
  variables: Readonly<Record<string, string | undefined>>,
): AgentSettings {
  const given = entry ?? agentSchema.parse({});
  const driver = given.driver ?? (name === "demo" ? "demo" : "claude");
  const environment = Object.entries(given.environment).flatMap(([variable, value]) => {
    const text = value ?? variables[variable];
    return text === undefined ? [] : [[variable, text] as const];
  });
  return {
    name,
    driver,
    command: given.command ?? driver,
    model: given.model,
    permissionMode: given.permission_mode,
    environment: Object.fromEntries(environment),
  };
}
