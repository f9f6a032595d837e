import { z } from "zod";
import { explanationSchema } from "./explanation.ts";
import { historySchema } from "./history.ts";

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

export type LogLine = z.infer<typeof logLineSchema>;

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
  /** The last hours minute by minute, for charts; kept over restarts of the supervisor. */
  history: {
    /** `since`: nothing older than the minute of this instant. */
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
