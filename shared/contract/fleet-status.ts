import { join } from "node:path";
import { z } from "zod";
import type { Log } from "../logger.ts";
import { identitySchema } from "../process/identity.ts";
import { readJsonFile } from "../storage/json-file.ts";
import { intakeReportSchema } from "./intake-report.ts";
import { pollingTroubleSchema } from "./polling-report.ts";
import { sendingReportSchema } from "./sending-report.ts";
import { sessionsReportSchema } from "./session-report.ts";

const pollingSchema = z.object({
  state: z.string(),
  reason: z.string().optional(),
  /** The last call to Telegram that failed; absent where none did lately. */
  trouble: pollingTroubleSchema.optional(),
});

export const botStatusSchema = z.object({
  name: z.string(),
  role: z.enum(["main", "auxiliary"]),
  /** The supervisor's view: down, starting, ready, backing_off, ... */
  state: z.string(),
  reason: z.string().optional(),
  /** The bot's own report of its receiving side. */
  polling: pollingSchema,
  pid: z.int().optional(),
  /** Of the process with this pid, so that a later supervisor ends it and no other. */
  identity: identitySchema.optional(),
  /** When this process was started. Epoch milliseconds, as all instants here. */
  startedAt: z.number().optional(),
  /** Since when it does not answer: it is busy, or hangs. */
  silentSince: z.number().optional(),
  botId: z.int().optional(),
  /** In this state. */
  since: z.number(),
  /** After ends that nobody had asked for, since the supervisor's start; stops and restarts by order are none. */
  restarts: z.int(),
  nextTryAt: z.number().optional(),
  lastPollCompletedAt: z.number().optional(),
  errors: z.record(z.string(), z.number()),
  intake: intakeReportSchema.optional(),
  sending: sendingReportSchema.optional(),
  /** Of a bot that runs agents, while it runs. */
  sessions: sessionsReportSchema.optional(),
});

/** What the supervisor keeps true in `<state>/supervisor/status.json`; the CLI and main's `/status` read it. */
export const fleetStatusSchema = z.object({
  version: z.literal(1),
  supervisor: identitySchema,
  startedAt: z.number(),
  updatedAt: z.number(),
  /** `running`, `stopping`; a supervisor that ended in order leaves `stopped`. */
  state: z.enum(["running", "stopping", "stopped"]),
  sandboxUrl: z.string().optional(),
  /** Where the fleet's page is; it wants the token. */
  pageUrl: z.string().optional(),
  bots: z.array(botStatusSchema),
});

export type BotStatus = z.infer<typeof botStatusSchema>;
export type FleetStatus = z.infer<typeof fleetStatusSchema>;

export function fleetStatusPath(stateDir: string): string {
  return join(stateDir, "supervisor", "status.json");
}

/** The last written status; whether its supervisor still lives is for the caller to judge by its identity. */
export function readFleetStatus(stateDir: string, log: Log): Promise<FleetStatus | undefined> {
  return readJsonFile(fleetStatusPath(stateDir), fleetStatusSchema, log);
}
