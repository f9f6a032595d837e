import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { BotStatus } from "../../../shared/contract/fleet-status.ts";
import { acquirePollGuard } from "../../../shared/polling-lock/poll-guard.ts";
import { identifySelf } from "../../../shared/process/identity.ts";
import { findRival, type RivalDeps } from "../../../supervisor/inquiry/rival/find-rival.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const lockDir = mkdtempSync(join(tmpdir(), "rival-"));
afterAll(() => {
  rmSync(lockDir, { recursive: true });
});

const botId = randomInt(1, 2 ** 40);
const clock = new ManualClock();
const deps: RivalDeps = {
  lockDir,
  apiRoot: "http://127.0.0.1:9",
  mainBotId: botId,
  pollTimeoutSeconds: 30,
  fleet: "ours",
  ownPids: [],
  clock,
  log: recordingLog(),
};
const bot = (state: string, facts: Partial<BotStatus> = {}): BotStatus => ({
  name: "main",
  role: "main",
  state: "ready",
  polling: { state, ...(facts.polling?.reason ? { reason: facts.polling.reason } : {}) },
  botId,
  since: 0,
  startedAt: clock.now() - 3_600_000,
  restarts: 0,
  errors: {},
  ...(facts.restarts === undefined ? {} : { restarts: facts.restarts }),
  ...(facts.startedAt === undefined ? {} : { startedAt: facts.startedAt }),
});

describe("who else takes a token's updates", () => {
  it("is nobody where nothing is wrong", async () => {
    expect(await findRival(bot("polling"), deps)).toBeUndefined();
  });

  it("is a webhook, where that is the trouble", async () => {
    const polling = { state: "misconfigured", reason: "a webhook is set" };
    const rival = await findRival(bot("misconfigured", { polling }), deps);
    expect(rival?.who).toBe("a webhook takes the updates");
  });

  it("is the process that holds the guard, by its pid", async () => {
    const signal = new AbortController().signal;
    const guard = await acquirePollGuard({ apiRoot: deps.apiRoot, botId, signal });
    const rival = await findRival(bot("waiting_for_guard"), deps);
    await guard.release();
    expect(rival?.who).toContain(`pid ${process.pid} `);
  });

  it("is our own last poll just after a restart, and a process elsewhere later", async () => {
    const fresh = bot("conflict", { restarts: 1, startedAt: clock.now() - 10_000 });
    expect(await findRival(fresh, deps)).toEqual({
      who: expect.stringContaining("our own last poll") as string,
      doing: "it ends by itself within 25 s",
    });
    expect((await findRival(bot("conflict"), deps))?.who).toContain("a process elsewhere");
  });

  it("is whoever the holder record names, where that is none of us", async () => {
    const identity = { ...identifySelf(), host: "container-b" };
    const record = {
      version: 1,
      identity,
      botId,
      since: "now",
      epoch: 1,
      nonce: "n",
      label: "bot x",
    };
    writeFileSync(join(lockDir, "telegram_polling"), JSON.stringify(record));
    const rival = await findRival(bot("conflict"), deps);
    expect(rival?.who).toContain(`bot x, pid ${process.pid} on host container-b`);
    const ours = await findRival(bot("conflict"), { ...deps, ownPids: [process.pid] });
    expect(ours?.who).toContain("a process elsewhere");
  });
});
