import { z } from "zod";

const bot = z.string().min(1).max(64);
/** Who asks, in words for logs and histories: `dev (tg-supervisor stop)`. */
const by = z.string().max(100).optional();
/** One sentence for whoever asked. */
const said = z.object({ said: z.string() });

const logLineSchema = z.object({
  at: z.number(),
  level: z.enum(["error", "warn", "info", "debug"]),
  /** Whose log: `supervisor` or a bot's name. */
  name: z.string(),
  /** With the lines of its stack, where there are some. */
  text: z.string(),
});

const answerSchema = z.object({
  state: z.enum(["waiting", "sent", "failed"]),
  at: z.number(),
  messageIds: z.array(z.int()),
  reason: z.string().optional(),
});

const handlingSchema = z.object({
  bot: z.string(),
  /** `done`: handled, or left to another bot of the token, or its sender was not allowed. */
  state: z.enum(["unread", "open", "done", "given_up"]),
  attempts: z.int(),
  error: z.string().optional(),
  answers: z.array(answerSchema),
});

/** Counts are those since the start of the bot's process: a smaller one than before begins anew. */
const sampleSchema = z.object({
  handled: z.int(),
  failedAttempts: z.int(),
  /** From received to handled, the sum of all. */
  seconds: z.number(),
  waiting: z.int(),
  /** By kind, in the 24 h before. */
  errors: z.record(z.string(), z.number()),
  restarts: z.int(),
  memoryBytes: z.number().nullable(),
  cpuPercent: z.number().nullable(),
});

const historySchema = z.object({
  everyMs: z.number(),
  samples: z.array(z.object({ at: z.number(), bots: z.record(z.string(), sampleSchema) })),
});

const explanationSchema = z.object({
  /** One sentence each; for people who read nothing else. */
  said: z.array(z.string()),
  updates: z.array(
    z.object({
      botId: z.int(),
      updateId: z.int(),
      seq: z.int(),
      epoch: z.int(),
      receivedAt: z.number(),
      kind: z.string(),
      conversation: z.string(),
      bots: z.array(handlingSchema),
    }),
  ),
});

export type History = z.infer<typeof historySchema>;
export type LogLine = z.infer<typeof logLineSchema>;
export type Explanation = z.infer<typeof explanationSchema>;

/**
 * What can be asked of a running supervisor: `POST /api/<name>` with the order as JSON gives the answer as JSON. Server,
 * command line and page read the same table.
 */
export const orders = {
  /** Runs a bot that was stopped, closed, given up or waits. */
  start: { order: z.strictObject({ bot, by }), answer: said },
  /** Stops a bot and keeps it down; answers before it is gone. */
  stop: { order: z.strictObject({ bot, by }), answer: said },
  /** Answers when the old process is gone and the new one is on its way. */
  restart: { order: z.strictObject({ bot, by }), answer: said },
  /** The same as `stop`, through the bot's lifecycle files; `supervisor` closes the fleet. */
  close: { order: z.strictObject({ bot, by }), answer: said },
  /** Reads fleet.yaml and the environment again, and restarts, adds and removes only what is another now. */
  reload: {
    /** `check_only`: says what would happen. */
    order: z.strictObject({ check_only: z.boolean().optional(), by }),
    answer: said.extend({
      applied: z.boolean(),
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.object({ bot: z.string(), settings: z.array(z.string()) })),
      /** Takes effect when the supervisor is started anew. */
      later: z.array(z.string()),
    }),
  },
  /** The newest lines of the logs, oldest first. */
  logs: {
    order: z.strictObject({
      /** All where it is not given. */
      name: z.string().max(64).optional(),
      since: z.number().optional(),
      lines: z.int().min(1).max(5_000).default(200),
    }),
    answer: z.object({ lines: z.array(logLineSchema) }),
  },
  /** What was in the last hours, for charts. */
  history: {
    order: z.strictObject({ since: z.number().optional() }),
    answer: historySchema,
  },
  /** The way of one update. Tells nothing of what people wrote. */
  explain: {
    /** An update id, a link to a message, or `<chat>/<message>`. */
    order: z.strictObject({ what: z.string().min(1).max(300) }),
    answer: explanationSchema,
  },
  dead_letter: {
    order: z.strictObject({ bot, order: z.enum(["retry", "drop"]), seq: z.int(), by }),
    answer: said,
  },
} as const;

export type OrderName = keyof typeof orders;
export type Order<N extends OrderName> = z.infer<(typeof orders)[N]["order"]>;
export type Answer<N extends OrderName> = z.infer<(typeof orders)[N]["answer"]>;

export function isOrderName(name: string): name is OrderName {
  return Object.hasOwn(orders, name);
}

/** The body of every answer that is not 200: why not, in words for whoever asked. */
export const refusalSchema = z.object({
  error: z.string(),
  /** The order itself was wrong: a name that is no bot's, a field that is missing. */
  wrongUsage: z.boolean().optional(),
});
