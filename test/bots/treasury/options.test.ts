import { describe, expect, it } from "vitest";
import { readOptions } from "../../../bots/treasury/options.ts";

const address = `0x${"A".repeat(40)}`;
const chain = { name: "Base", chain_id: 8453, rpc: ["https://rpc.example"] };
const wallets = [{ name: "Vault", address }];

describe("options of treasury", () => {
  it("may be empty: then it is the simulated market", () => {
    const { chain: none, wallets: found, unit } = readOptions({});
    expect([none, found.length, unit]).toEqual([undefined, 2, "sUSD"]);
  });

  it("are filled, amounts exactly as written", () => {
    const options = readOptions({
      chain,
      wallets: [{ ...wallets[0], low: { coin: 0.5 } }],
      transfers_from: "0.000001",
    });
    expect(options).toMatchObject({
      transfers_from: "0.000001",
      report_at: "09:00",
      wallets: [{ address: address.toLowerCase(), low: { coin: "0.5" } }],
    });
  });

  it.each([
    ["an unknown key", { report: "09:00" }, /bots\.treasury\.options\.report: unknown key/],
    [
      "an unknown key of a wallet",
      { chain, wallets: [{ ...wallets[0], id: 1 }] },
      /wallets\[0\]\.id: unknown key/,
    ],
    ["no wallets", { chain }, /options\.wallets/],
    ["a time that is none", { report_at: "25:00" }, /report_at: needs a time of day/],
    ["a zone that is none", { time_zone: "Mars/Base" }, /time_zone: is no time zone/],
    ["a unit that is no token", { chain, wallets, unit: "USDC" }, /unit: is none of the tokens/],
    [
      "a limit for what is not held",
      { chain, wallets: [{ ...wallets[0], low: { XYZ: 1 } }] },
      /wallets\[0\]\.low\.XYZ: is no asset; known: coin/,
    ],
    [
      "a wallet that is there twice",
      { chain, wallets: [wallets[0], { name: "Again", address: address.toLowerCase() }] },
      /wallets\[1\]\.address: is the address of Vault already/,
    ],
    [
      "a token under two labels",
      { chain, wallets, tokens: { A: { address }, B: { address } } },
      /tokens\.B\.address: is the address of A already/,
    ],
    ["wallets on no chain", { wallets }, /options\.wallets: needs a chain to be on/],
    [
      "tokens and a pool on no chain",
      { tokens: { TKN: { address } }, coin_pool: address },
      /options\.tokens: needs a chain to be on\n.*options\.coin_pool: needs a chain to be on/,
    ],
    [
      "a number that YAML has rounded",
      { transfers_from: Number("12345678901234567890") },
      /transfers_from: has more digits than a number of YAML keeps; put it in quotes/,
    ],
    [
      "a fraction that YAML has rounded",
      { transfers_from: Number("0.1234567890123456789") },
      /transfers_from: has more digits than a number of YAML keeps; put it in quotes/,
    ],
    ["more confirmations than servers remember", { confirmations: 101 }, /confirmations/],
    ["an amount below nothing", { transfers_from: -1 }, /transfers_from: needs an amount/],
  ])("are refused with their path: %s", (_, options, message) => {
    expect(() => readOptions(options)).toThrow(message);
  });
});
