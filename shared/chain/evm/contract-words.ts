import type { Address, Hash, Swap, TokenTransfer } from "../chain.ts";
import type { RawLog } from "./rpc-answers.ts";
import {
  decodeEventLog,
  decodeFunctionResult,
  encodeEventTopics,
  encodeFunctionData,
  parseAbi,
} from "./viem.ts";

const pairAbi = parseAbi([
  "event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)",
  "function token0() view returns (address)",
  "function token1() view returns (address)",
  "function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)",
]);
const tokenAbi = parseAbi([
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function balanceOf(address owner) view returns (uint256)",
]);
/** Some early tokens give their symbol as 32 bytes. */
const oldTokenAbi = parseAbi(["function symbol() view returns (bytes32)"]);

export const swapTopic = topicOf(encodeEventTopics({ abi: pairAbi, eventName: "Swap" }));
export const transferTopic = topicOf(encodeEventTopics({ abi: tokenAbi, eventName: "Transfer" }));

export const calls = {
  token0: encodeFunctionData({ abi: pairAbi, functionName: "token0" }),
  token1: encodeFunctionData({ abi: pairAbi, functionName: "token1" }),
  reserves: encodeFunctionData({ abi: pairAbi, functionName: "getReserves" }),
  symbol: encodeFunctionData({ abi: tokenAbi, functionName: "symbol" }),
  decimals: encodeFunctionData({ abi: tokenAbi, functionName: "decimals" }),
  balanceOf: (owner: Address) =>
    encodeFunctionData({ abi: tokenAbi, functionName: "balanceOf", args: [owner] }),
};

/** What contracts answer. Each throws the library's error for bytes that are no such answer. */
export const results = {
  token0: (data: Hash): Address =>
    lowerCase(decodeFunctionResult({ abi: pairAbi, functionName: "token0", data })),
  token1: (data: Hash): Address =>
    lowerCase(decodeFunctionResult({ abi: pairAbi, functionName: "token1", data })),
  reserves: (data: Hash) => {
    const [reserve0, reserve1] = decodeFunctionResult({
      abi: pairAbi,
      functionName: "getReserves",
      data,
    });
    return { reserve0, reserve1 };
  },
  symbol: symbolOf,
  decimals: (data: Hash) => decodeFunctionResult({ abi: tokenAbi, functionName: "decimals", data }),
  balance: (data: Hash) => decodeFunctionResult({ abi: tokenAbi, functionName: "balanceOf", data }),
};

/** Undefined for an event that has the topic but not the form. */
export function swapOf(log: RawLog): Swap | undefined {
  try {
    const { args } = decodeEventLog({ abi: pairAbi, eventName: "Swap", ...topicsAndData(log) });
    const { amount0In, amount1In, amount0Out, amount1Out, to } = args;
    const amounts = { amount0In, amount1In, amount0Out, amount1Out };
    return { ...placeOf(log), pool: log.address, to: lowerCase(to), ...amounts };
  } catch {
    return undefined;
  }
}

/** Undefined for one with three indexed arguments: those of NFTs look like it. */
export function transferOf(log: RawLog): TokenTransfer | undefined {
  try {
    const { args } = decodeEventLog({
      abi: tokenAbi,
      eventName: "Transfer",
      ...topicsAndData(log),
    });
    const { from, to, value } = args;
    return {
      ...placeOf(log),
      token: log.address,
      from: lowerCase(from),
      to: lowerCase(to),
      amount: value,
    };
  } catch {
    return undefined;
  }
}

function symbolOf(data: Hash): string {
  try {
    return decodeFunctionResult({ abi: tokenAbi, functionName: "symbol", data });
  } catch {
    const bytes = decodeFunctionResult({ abi: oldTokenAbi, functionName: "symbol", data });
    return Buffer.from(bytes.slice(2), "hex").toString("utf8").replaceAll("\0", "");
  }
}

function placeOf({ blockNumber, blockHash, transactionHash, logIndex }: RawLog) {
  const block = { number: blockNumber, hash: blockHash };
  return { block, transaction: transactionHash, logIndex };
}

function topicsAndData({ topics, data }: RawLog): { topics: [Hash, ...Hash[]]; data: Hash } {
  const [first, ...others] = topics;
  if (first === undefined) throw new Error("an event without topics");
  return { topics: [first, ...others], data };
}

function topicOf(topics: readonly unknown[]): Hash {
  const topic = topics[0];
  if (typeof topic !== "string") throw new Error("an event without a name has no topic");
  return lowerCase(topic);
}

function lowerCase(text: string): Hash {
  return `0x${text.slice(2).toLowerCase()}`;
}
