import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Inbox } from "../../../shared/bot-runtime/receiving/inbox.ts";
import { shareToken } from "../../../shared/bot-runtime/receiving/token-share.ts";
import type { ChronicleLine } from "../../../shared/contract/chronicle/chronicle-line.ts";
import type { IntakeReport } from "../../../shared/contract/intake-report.ts";
import { deadLettersPath, FileDeadLetters } from "../../../shared/intake/cursor/dead-letters.ts";
import { AppendBell } from "../../../shared/intake/update-log/append-bell.ts";
import { updateLogDir } from "../../../shared/intake/update-log/open-log.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const stateDir = mkdtempSync(join(tmpdir(), "inbox-"));
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const definition = {
  name: "main",
  description: "",
  access: "open" as const,
  allowedUpdates: ["message" as const],
  setup: () => undefined,
};
const settings = {
  name: "main",
  role: "main" as const,
  botId: 42,
  mainBotId: 42,
  tokenBots: ["main"],
  apiRoot: "",
  stateDir,
  lockDir: stateDir,
  logLevel: "info" as const,
  webhook: "delete" as const,
  pollTimeoutSeconds: 0,
  allowedUsers: [],
  allowedChats: [],
  sandbox: true,
  answers: { maxRichLength: 8_000, maxParts: 5, numbering: false },
  options: {},
};

it("a dead letter that is dropped is something to report and to write down, although nothing was handled", async () => {
  const clock = new ManualClock();
  const log = recordingLog();
  const dir = updateLogDir(stateDir, 42);
  const letters = await FileDeadLetters.open(deadLettersPath(dir, "main"), clock, log);
  const times = { receivedAtMs: 0, givenUpAtMs: 0, attempts: 5 };
  const chat = { id: 1, type: "private" as const };
  const update = { update_id: 7, message: { message_id: 1, date: 0, chat } };
  await letters.add({ seq: 3, updateId: 7, key: "1", error: "x", ...times, update });
  const noted: ChronicleLine[] = [];
  const reports: Promise<IntakeReport>[] = [];
  const inbox = await Inbox.open({
    settings,
    share: shareToken(definition, [definition]),
    username: () => undefined,
    bell: new AppendBell(),
    handle: async () => undefined,
    chronicle: {
      leave: () => undefined,
      begin: () => undefined,
      end: () => undefined,
      note: (line) => noted.push(line),
    },
    conversationsAtOnce: undefined,
    onActivity: () => {
      reports.push(inbox.report());
    },
    clock,
    random: () => 0.5,
    log,
  });
  expect(await inbox.dropDeadLetter(3)).toBe(true);
  expect(await Promise.all(reports)).toMatchObject([{ deadLetterCount: 0 }]);
  expect(noted).toMatchObject([
    { t: "dropped", at: clock.now(), u: 7, why: "asked", attempts: 5, error: "x" },
  ]);
  await inbox.close(0);
});
