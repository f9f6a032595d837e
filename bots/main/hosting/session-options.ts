import { resolve } from "node:path";
import { z } from "zod";
import { ConfigurationError } from "../../../shared/errors.ts";
import { inPlainWords } from "../../../shared/storage/plain-words.ts";
import { type SessionLimits, usualSessionLimits } from "../sessions/session-parts.ts";

const seconds = z.number().positive();

const optionsSchema = z.object({
  /** Where personas are, from the working directory. */
  personas: z.string().optional(),
  sessions: z
    .strictObject({
      /** Agents that live at once; default by memory. */
      live_agents: z.int().positive().optional(),
      /** Of new sessions. */
      idle_timeout_seconds: seconds.optional(),
      /** Without a sign of the agent for so long, its user is told. */
      stall_seconds: seconds.optional(),
    })
    .nullish(),
});

export interface SessionOptions {
  readonly personasFolder: string;
  readonly liveAgents: number | undefined;
  readonly limits: SessionLimits;
}

/**
 * What main's options say about sessions; its other keys are others' business.
 * @throws ConfigurationError naming the key
 */
export function readSessionOptions(options: Readonly<Record<string, unknown>>): SessionOptions {
  const checked = optionsSchema.safeParse(options, { error: inPlainWords });
  if (!checked.success) {
    const problems = checked.error.issues.map(
      ({ path, message }) => `fleet.yaml: ${["bots.main.options", ...path].join(".")}: ${message}`,
    );
    throw new ConfigurationError(`${problems.join("\n")}\nCorrect fleet.yaml, then try again.`);
  }
  const { personas = "personas", sessions } = checked.data;
  const usual = usualSessionLimits;
  const idle = sessions?.idle_timeout_seconds;
  const stall = sessions?.stall_seconds;
  return {
    personasFolder: resolve(personas),
    liveAgents: sessions?.live_agents,
    limits: {
      ...usual,
      usualIdleTimeoutMs: idle === undefined ? usual.usualIdleTimeoutMs : Math.ceil(idle * 1_000),
      stallAfterMs: stall === undefined ? usual.stallAfterMs : Math.ceil(stall * 1_000),
    },
  };
}
