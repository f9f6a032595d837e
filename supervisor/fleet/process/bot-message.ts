import { z } from "zod";
import { intakeReportSchema } from "../../../shared/contract/intake-report.ts";
import type { BotMessage } from "../../../shared/contract/ipc.ts";
import {
  type PollingState,
  pollingTroubleSchema,
} from "../../../shared/contract/polling-report.ts";
import { sendingReportSchema } from "../../../shared/contract/sending-report.ts";
import { sessionsReportSchema } from "../../../shared/contract/session-report.ts";

/** Every word that is a state; the compiler sees to it that none is missing or wrong. */
const pollingStates: Readonly<Record<PollingState, true>> = {
  starting: true,
  waiting_for_lock: true,
  waiting_for_guard: true,
  connecting: true,
  polling: true,
  reading: true,
  disabled: true,
  by_itself: true,
  waiting_for_network: true,
  waiting_for_storage: true,
  rate_limited: true,
  conflict: true,
  misconfigured: true,
  auth_failed: true,
  stopped: true,
};

const isPollingState = (value: unknown): value is PollingState =>
  typeof value === "string" && Object.hasOwn(pollingStates, value);

const reportSchema = z.object({
  state: z.custom<PollingState>(isPollingState),
  reason: z.string().exactOptional(),
  trouble: pollingTroubleSchema.exactOptional(),
});

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), stopDeadlineMs: z.number().nonnegative(), botId: z.int() }),
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("polling"), report: reportSchema }),
  z.object({ type: z.literal("poll_completed"), at: z.number() }),
  z.object({ type: z.literal("errors"), counts: z.record(z.string(), z.number()) }),
  z.object({ type: z.literal("intake"), report: intakeReportSchema }),
  z.object({ type: z.literal("sending"), report: sendingReportSchema }),
  z.object({ type: z.literal("sessions"), report: sessionsReportSchema }),
  z.object({ type: z.literal("sent"), chatId: z.union([z.number(), z.string()]) }),
  z.object({ type: z.literal("closed") }),
  z.object({ type: z.literal("restart_wanted"), bot: z.string(), userId: z.int() }),
  z.object({ type: z.literal("failed"), reason: z.string() }),
  z.object({ type: z.literal("pong"), sequence: z.number() }),
]);

/** undefined for anything that is not of the contract: a bot of another version may say more than we know. */
export function parseBotMessage(value: unknown): BotMessage | undefined {
  return messageSchema.safeParse(value).data;
}
