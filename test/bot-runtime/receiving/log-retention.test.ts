import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LogRetention } from "../../../shared/bot-runtime/receiving/log-retention.ts";
import { cursorPath, openCursor } from "../../../shared/intake/cursor/open-cursor.ts";
import { openLogWriter, updateLogDir } from "../../../shared/intake/update-log/open-log.ts";
import { messages, never } from "../../intake/update-log/log-bench.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const botId = 42;
const currentEpoch = () => 1;
const hourMs = 3_600_000;
let stateDir: string;
const clock = new ManualClock();
const log = recordingLog();

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "retention-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

it("segments that all have handled go at the first poll of an hour that finds them old enough", async () => {
  const dir = updateLogDir(stateDir, botId);
  const segments = (): number => readdirSync(dir).filter((name) => name.endsWith(".jsonl")).length;
  const limits = { bytes: 100_000, records: 2 };
  const writer = await openLogWriter({ dir, botId, epoch: 1, currentEpoch, clock, log, limits });
  for (let id = 1; id < 8; id += 2) await writer.append(messages(id, id + 1), never);
  await writer.close();
  const path = cursorPath(dir, "main");
  const newestSeq = () => writer.newestSeq;
  const cursor = await openCursor({ path, clock, log, newestSeq, start: "newest" });
  await cursor.close();
  const before = segments();
  expect(before).toBeGreaterThan(3);
  const retention = new LogRetention(stateDir, botId, ["main"], clock, log);
  await retention.tidy();
  await clock.advance(47.5 * hourMs);
  await retention.tidy();
  await clock.advance(0.6 * hourMs);
  await retention.tidy();
  expect(segments(), "48 hours old, but looked at half an hour ago").toBe(before);
  await clock.advance(0.5 * hourMs);
  await retention.tidy();
  expect(segments()).toBe(1);
});
