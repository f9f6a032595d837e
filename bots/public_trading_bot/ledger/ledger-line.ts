import { createHash } from "node:crypto";
import { z } from "zod";

/** Smallest units, as decimal digits in the file: a JSON number would round them. */
const amount = z
  .string()
  .regex(/^\d{1,80}$/)
  .transform(BigInt);

/** Whose book: one per person and chat. The name is for showing only; people are told apart by their id. */
const owner = { chat: z.int(), user: z.int(), name: z.string(), atMs: z.number() };

/** What the book holds after the line. */
const balances = { cash: amount, tokens: amount };

const lineSchema = z.discriminatedUnion("t", [
  /** A book begins, or begins anew, with so much paper cash and nothing else. */
  z.object({ t: z.literal("opened"), ...owner, cause: z.string(), cash: amount }),
  z.object({
    t: z.literal("trade"),
    ...owner,
    /** Counts the trades of one person in one chat from 1, also over a reset. */
    number: z.int().positive(),
    /** The update (`<bot id>/<update id>`) of the press that confirmed it, and of the command that asked for it. */
    press: z.string(),
    quote: z.string(),
    side: z.enum(["buy", "sell"]),
    paid: amount,
    got: amount,
    /** The pool as it was filled from, so that the filling can be reckoned again. */
    reserveIn: amount,
    reserveOut: amount,
    ...balances,
  }),
  /** Balances as a later trade proves them, where the lines between were damaged and are gone. */
  z.object({
    t: z.literal("corrected"),
    ...owner,
    /** Of the last trade before it. */
    number: z.int().nonnegative(),
    ...balances,
  }),
]);

export type LedgerLine = z.infer<typeof lineSchema>;
export type Opened = Extract<LedgerLine, { t: "opened" }>;
export type Trade = Extract<LedgerLine, { t: "trade" }>;
export type Corrected = Extract<LedgerLine, { t: "corrected" }>;

/** One line with its end: a check sum, then JSON. */
export function encodeLine(line: LedgerLine): string {
  const json = JSON.stringify(line, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return `${checkSum(json)} ${json}\n`;
}

/** @returns undefined for a line that is damaged */
export function decodeLine(text: string): LedgerLine | undefined {
  const json = text.slice(9);
  if (text.slice(0, 9) !== `${checkSum(json)} `) return undefined;
  try {
    return lineSchema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function checkSum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, 8);
}
