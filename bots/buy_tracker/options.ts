import { z } from "zod";
import { readBotOptions } from "../../shared/bot-runtime/bot-options.ts";
import { addressOption, chainOptions } from "../../shared/chain/chain-options.ts";

/** Whole tokens, exactly as written: YAML numbers are taken by their digits. */
const wholeTokens = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d+(\.\d+)?$/, 'needs an amount like 250 or "0.05"'));

const poolSchema = z.strictObject({
  address: addressOption,
  /** The token whose buys are told. */
  track: addressOption.optional(),
});

const postSchema = z.strictObject({
  chat: z.int(),
  topic: z.int().positive().optional(),
  pool: addressOption.optional(),
  threshold: wholeTokens.optional(),
});

const trackerOptions = z
  .strictObject({
    chain: chainOptions.optional(),
    confirmations: z.int().min(1).max(64).default(1),
    group_seconds: z.number().min(0).max(3_600).default(10),
    threshold: wholeTokens.default("100"),
    pools: z.array(poolSchema).default([]),
    posts: z.array(postSchema).default([]),
  })
  .superRefine((options, context) => {
    if (options.chain === undefined && options.pools.length > 0)
      context.addIssue({
        code: "custom",
        path: ["pools"],
        message: 'needs a "chain"; the simulated market has pools of its own',
      });
  });
export type TrackerOptions = z.infer<typeof trackerOptions>;

/**
 * `options` of buy_tracker in fleet.yaml, filled; docs/buy-tracker.md.
 * @throws ConfigurationError with the path of everything that is wrong
 */
export function readTrackerOptions(options: Readonly<Record<string, unknown>>): TrackerOptions {
  return readBotOptions("buy_tracker", options, trackerOptions);
}
