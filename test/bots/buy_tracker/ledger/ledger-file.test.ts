import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LedgerFile } from "../../../../bots/buy_tracker/ledger/ledger-file.ts";
import type { Block } from "../../../../shared/chain/chain.ts";
import { recordingLog } from "../../../support/recording-log.ts";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ledger-file-"));
  path = join(dir, "chain-1.json");
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const block: Block = { number: 5, hash: "0xa5", parentHash: "0xa4", timestampMs: 5_000 };
const buy = {
  key: "k",
  pool: "0xd",
  block: { number: 5, hash: "0xa5" },
  transaction: "0xe",
  atMs: 5_000,
  buyer: "0xb",
  bought: 2n ** 200n,
  paid: 3n,
  holder: "new",
  fate: "there",
} as const;

it("gives back what was saved, amounts of any size included", async () => {
  const log = recordingLog();
  const file = await LedgerFile.open(path, log);
  file.ledger.ahead(block, [buy], () => [{ chatId: -1, topicId: 2 }]);
  file.ledger.tell(file.ledger.due(() => true)[0]?.id ?? "");
  await Promise.all([file.save(), file.save(), file.write()]);
  const again = await LedgerFile.open(path, log);
  expect(again.ledger.content).toEqual(file.ledger.content);
  expect(again.ledger.content.buys).toEqual([buy]);
});

it("writes nothing while there is nothing that must not be forgotten", async () => {
  const file = await LedgerFile.open(path, recordingLog());
  file.ledger.ahead(block, [], () => []);
  await file.save();
  expect(readdirSync(dir)).toEqual([]);
  await file.write();
  expect(readdirSync(dir)).toEqual(["chain-1.json"]);
});

it("sets a broken file aside and begins anew", async () => {
  writeFileSync(path, '{"version":1,"trail":[{"number":"x"}]}');
  const log = recordingLog();
  const file = await LedgerFile.open(path, log);
  expect(file.ledger.trail).toEqual([]);
  expect(readdirSync(dir).join()).toMatch(/^chain-1\.json\.broken-/);
  expect(log.of("error").length).toBe(1);
});
