import { z } from "zod";
import { readBotOptions } from "../../shared/bot-runtime/bot-options.ts";
import { addressOption, chainOptions } from "../../shared/chain/chain-options.ts";
import { isTimeZone } from "./report/due.ts";
import { simulatedTreasury } from "./simulated-treasury.ts";

const roundedByYaml = "has more digits than a number of YAML keeps; put it in quotes";
/** Every decimal of so many digits comes back from a number as it was written; of longer ones not each does. */
const exactDigits = 15;

/** Exactly as written: YAML numbers are taken by their digits, as long as all of them are there. */
const decimal = z
  .union([z.string(), z.number()])
  .refine((given) => typeof given === "string" || isExact(given), {
    error: roundedByYaml,
    abort: true,
  })
  .transform(String)
  .pipe(z.string().regex(/^\d{1,40}(\.\d{1,40})?$/, 'needs an amount like 250 or "0.05"'));
const label = z.string().regex(/^\S{1,16}$/, "needs a short word");

const walletSchema = z.strictObject({
  name: z.string().min(1).max(40),
  address: addressOption,
  /** By label of an asset: less than this is low. */
  low: z.record(label, decimal).default({}),
});

const tokenSchema = z.strictObject({
  address: addressOption,
  /** A Uniswap-v2 pair with the unit, or with what `coin_pool` prices: what the token is worth. */
  pool: addressOption.optional(),
});

const optionsSchema = z
  .strictObject({
    chain: chainOptions.optional(),
    wallets: z.array(walletSchema).min(1, "needs at least one wallet"),
    /** By label. The chain's own coin is always there, as `coin`. */
    tokens: z.record(
      label.refine((name) => name !== "coin", "is the chain's own"),
      tokenSchema,
    ),
    /** Label of the token in which values are told: a stable one. */
    unit: label.optional(),
    /** A pair of the wrapped coin with the unit. */
    coin_pool: addressOption.optional(),
    /** Where alerts and reports go. */
    chats: z.array(z.strictObject({ chat: z.int(), topic: z.int().positive().optional() })),
    /** Value in the unit; smaller transfers are not told. */
    transfers_from: decimal,
    report_at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "needs a time of day, as 09:00"),
    time_zone: z.string().refine(isTimeZone, "is no time zone; needs one as Europe/Zurich"),
    check_seconds: z.number().min(1).max(3_600),
    /** Balances are read so far back: ordinary servers remember those of 128 blocks. */
    confirmations: z.int().min(1).max(100),
  })
  .superRefine(({ wallets, tokens, unit, coin_pool }, context) => {
    const refuse = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    for (const [index, { address }] of wallets.entries()) {
      const same = wallets.findIndex((wallet) => wallet.address === address);
      if (same < index)
        refuse(["wallets", index, "address"], `is the address of ${wallets[same]?.name} already`);
    }
    const byAddress = new Map<string, string>();
    for (const [name, { address }] of Object.entries(tokens)) {
      const same = byAddress.get(address);
      if (same !== undefined)
        refuse(["tokens", name, "address"], `is the address of ${same} already`);
      byAddress.set(address, name);
    }
    const labels = ["coin", ...Object.keys(tokens)];
    if (unit !== undefined && !(unit in tokens)) refuse(["unit"], "is none of the tokens");
    if (unit === undefined && coin_pool !== undefined)
      refuse(["coin_pool"], "needs a unit to tell the value in");
    for (const [index, { low }] of wallets.entries())
      for (const name of Object.keys(low))
        if (!labels.includes(name))
          refuse(["wallets", index, "low", name], `is no asset; known: ${labels.join(", ")}`);
  });

const noChain = z.never("needs a chain to be on").optional();
/** The simulated market has wallets of its own: others would be shown with balances that nobody has. */
const withoutChain = z.looseObject({ wallets: noChain, tokens: noChain, coin_pool: noChain });

const defaults = {
  tokens: {},
  chats: [],
  transfers_from: "10000",
  report_at: "09:00",
  time_zone: "UTC",
  check_seconds: 30,
  confirmations: 3,
};

export type TreasuryOptions = z.output<typeof optionsSchema>;
export type WalletOption = TreasuryOptions["wallets"][number];

/**
 * The bot's section of fleet.yaml, filled. Without a chain it looks after those of the simulated market.
 * @throws ConfigurationError with the path of everything that is wrong
 */
export function readOptions(config: Readonly<Record<string, unknown>>): TreasuryOptions {
  const isSimulated = config["chain"] === undefined;
  if (isSimulated) readBotOptions("treasury", config, withoutChain);
  const filled = { ...defaults, ...(isSimulated ? simulatedTreasury : {}), ...config };
  return readBotOptions("treasury", filled, optionsSchema);
}

function isExact(number: number): boolean {
  if (Number.isInteger(number)) return Number.isSafeInteger(number);
  return String(number).replace(/^0\.0*|\./, "").length <= exactDigits;
}
