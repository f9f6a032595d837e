import { z } from "zod";
import type { IntakeReport } from "./intake-report.ts";
import type { PollingReport } from "./polling-report.ts";
import type { SendingReport } from "./sending-report.ts";
import type { SessionsReport } from "./session-report.ts";

/**
 * What a supervised bot and its supervisor say to each other over the IPC channel. The supervisor imports this
 * contract and nothing else of the runtime. Plain JSON; unknown messages are ignored by both sides.
 */

/** The pid of the supervisor that started a bot: if it is not the bot's parent, it died before the bot could listen. */
export const expectedParentVariable = "TG_SUPERVISOR_PID";

/** Errors of one kind since the counters began (they survive restarts). */
export type ErrorCounts = Readonly<Record<string, number>>;

export type BotMessage =
  /** First message of every bot: how long its ordered stop may take before the supervisor may kill it. */
  | { readonly type: "hello"; readonly stopDeadlineMs: number; readonly botId: number }
  /** The bot does its work: its first getUpdates came back well (or is parked), or its setup is done if it does not poll. */
  | { readonly type: "ready" }
  | { readonly type: "polling"; readonly report: PollingReport }
  /** Sent after a completed getUpdates, at most every 10 s: the proof that polling lives. Epoch milliseconds. */
  | { readonly type: "poll_completed"; readonly at: number }
  | { readonly type: "errors"; readonly counts: ErrorCounts }
  | { readonly type: "intake"; readonly report: IntakeReport }
  | { readonly type: "sending"; readonly report: SendingReport }
  | { readonly type: "sessions"; readonly report: SessionsReport }
  /** Something leaves for this chat: the other bots of the token count it in its pace. Said by bots that share one. */
  | { readonly type: "sent"; readonly chatId: number | string }
  /** An operator closed the bot through its lifecycle files: it stops, and is to stay down. */
  | { readonly type: "closed" }
  /** A user who may use main pressed the button under an alert. */
  | { readonly type: "restart_wanted"; readonly bot: string; readonly userId: number }
  /** Its last words: why it cannot go on, for the person who can change that. Its exit code follows. */
  | { readonly type: "failed"; readonly reason: string }
  /** Answer to a ping: the event loop turns. */
  | { readonly type: "pong"; readonly sequence: number };

export const supervisorMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ping"), sequence: z.number() }),
  /** Stop in order. Losing the channel means the same. */
  z.object({ type: z.literal("stop"), reason: z.string() }),
  /** Take over the polling of a token whose bot is gone, or give it back. */
  z.object({ type: z.literal("polling"), take: z.boolean() }),
  /** Another process holds the lock of the bot's token now: whoever reads along says so anew. */
  z.object({ type: z.literal("lock_moved") }),
  /** The bot's part of what its token may send. */
  z.object({ type: z.literal("send_share"), perSecond: z.number().nonnegative() }),
  /** Another bot of the token writes to this chat. */
  z.object({ type: z.literal("others_sent"), chatId: z.union([z.number(), z.string()]) }),
  z.object({ type: z.literal("dead_letter"), order: z.enum(["retry", "drop"]), seq: z.int() }),
]);

export type SupervisorMessage = z.infer<typeof supervisorMessage>;
