import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTrackerOptions } from "../../bots/buy_tracker/options.ts";
import { readOptions as readTrading } from "../../bots/public_trading_bot/options.ts";
import { readOptions as readTreasury } from "../../bots/treasury/options.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import { loadFleetConfig } from "../../shared/config/fleet-config.ts";

const example = readFileSync(new URL("../../fleet.example.yaml", import.meta.url), "utf8");
const variables = { BASE_RPC: "https://rpc.example/a", ETH_RPC: "https://rpc.example/b" };
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "example-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** The example with what stands in comments below these bots, as an operator makes it. */
function uncommented(names: readonly string[]): string {
  let isIn = false;
  const lines = example.split("\n").map((line) => {
    const bot = /^ {2}#? ?(\w+):/.exec(line)?.[1];
    if (bot !== undefined) isIn = names.includes(bot);
    return isIn ? line.replace(/^( {4})# /, "$1") : line;
  });
  return lines.join("\n");
}

describe("the options of the example", () => {
  it.each([
    ["buy_tracker", readTrackerOptions],
    ["treasury", readTreasury],
    ["public_trading_bot", readTrading],
  ] satisfies [string, (config: Readonly<Record<string, unknown>>) => { chain?: unknown }][])(
    "can be used by %s",
    (name, read) => {
      writeFileSync(join(dir, "fleet.yaml"), uncommented([name]));
      const { bots } = loadFleetConfig(readEnvironment(variables, dir), dir);
      const config = bots.find((bot) => bot.name === name);
      expect(read(config?.options ?? {}).chain).toMatchObject({
        rpc: expect.arrayContaining([expect.stringMatching(/^https:\/\/rpc\.example/)]),
      });
    },
  );
});
