import { z } from "zod";
import type { Address, Block, Hash } from "../chain.ts";
import { ChainError } from "../chain-error.ts";

const hexText = z.string().regex(/^0x[0-9a-f]*$/i);
const quantity = hexText.transform((text) => Number(text)).pipe(z.int());
const amount = hexText.transform((text) => (text === "0x" ? 0n : BigInt(text)));
const lowerCase = (text: string): Hash => `0x${text.slice(2).toLowerCase()}`;
const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/i)
  .transform(lowerCase);
const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/i)
  .transform(lowerCase);
const data = hexText.transform(lowerCase);

const chainIdAnswer = z
  .string()
  .regex(/^0x[0-9a-f]+$/i)
  .transform(Number)
  .pipe(z.int().positive());

const blockAnswer = z
  .object({ number: quantity, hash, parentHash: hash, timestamp: quantity })
  .transform(({ timestamp, ...block }): Block => ({ ...block, timestampMs: timestamp * 1_000 }))
  .nullable();

const logAnswer = z.object({
  address,
  topics: z.array(hash),
  data,
  blockNumber: quantity,
  blockHash: hash,
  transactionHash: hash,
  logIndex: quantity,
});
export type RawLog = z.infer<typeof logAnswer>;
const logsAnswer = z.array(logAnswer);

const transactionAnswer = z.object({ hash, from: address, to: address.nullish(), value: amount });
const senderAnswer = z.object({ from: address }).nullable();
const fullBlockAnswer = z.object({ transactions: z.array(transactionAnswer) }).nullable();
const receiptAnswer = z.object({ status: quantity }).nullable();

/** What the nodes answer, checked: a proxy's page or half an object must not become a balance. */
export const answers = {
  chainId: chainIdAnswer,
  block: blockAnswer,
  logs: logsAnswer,
  sender: senderAnswer,
  fullBlock: fullBlockAnswer,
  receipt: receiptAnswer,
  amount,
  data,
};

/** @throws ChainError `unreachable` for an answer that is none: another address, or the same one later, may do better */
export function readAnswer<Value>(
  schema: z.ZodType<Value>,
  answer: unknown,
  method: string,
): Value {
  const checked = schema.safeParse(answer);
  if (checked.success) return checked.data;
  const where = checked.error.issues[0]?.path.join(".") ?? "";
  throw new ChainError("unreachable", `${method}: the answer cannot be used (${where}).`);
}

/** A number as JSON-RPC writes it. */
export function toQuantity(value: number): `0x${string}` {
  return `0x${value.toString(16)}`;
}

/** An address as the topic of an event. */
export function toTopic(value: Address): Hash {
  return `0x${value.slice(2).padStart(64, "0")}`;
}
