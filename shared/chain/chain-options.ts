import { z } from "zod";
import type { Address } from "./chain.ts";

/** Left where a variable is not set; see `shared/config/variables/option-variables.ts`. */
const unsetVariable = /^env:(.*)$/;

const rpcAddress = z.string().superRefine((text, context) => {
  const variable = unsetVariable.exec(text)?.[1];
  if (variable !== undefined) {
    context.addIssue({ code: "custom", message: `the variable ${variable} is not set` });
  } else if (!isWebAddress(text)) {
    // Never the text itself: it may hold a key.
    context.addIssue({ code: "custom", message: "needs an http or https address" });
  }
});

/** An address of a contract or wallet, in whatever letters. */
export const addressOption = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "needs an address: 0x and 40 hexadecimal digits")
  .transform((text): Address => `0x${text.slice(2).toLowerCase()}`);

/** `chain` in the options of a bot. Without it the simulated market serves. */
export const chainOptions = z.strictObject({
  name: z.string().min(1),
  /** Checked at every RPC address before it is used. */
  chain_id: z.int().positive(),
  /** In the order of preference. */
  rpc: z.array(rpcAddress).min(1, "needs at least one address"),
  coin: z.string().min(1).default("ETH"),
  block_time_seconds: z.number().min(0.1).max(600).default(12),
  explorer: z
    .url({ protocol: /^https?$/, error: "needs an http or https address" })
    .transform((text) => text.replace(/\/+$/, ""))
    .optional(),
});
export type ChainOptions = z.infer<typeof chainOptions>;

function isWebAddress(text: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
