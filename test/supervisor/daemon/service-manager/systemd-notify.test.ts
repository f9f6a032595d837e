import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { serviceNotifier } from "../../../../supervisor/daemon/service-manager/systemd-notify.ts";
import { recordingLog } from "../../../support/recording-log.ts";

const folder = mkdtempSync(join(tmpdir(), "systemd-notify-"));
const record = join(folder, "record");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => writeFileSync(record, ""));

/** A systemd-notify that notes its arguments, one line per call. */
function fakeProgram(script = `printf '%s|' "$@" >> "$RECORD"; echo >> "$RECORD"`): void {
  const program = join(folder, "systemd-notify");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
}

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: `${folder}:/usr/bin:/bin`,
  NOTIFY_SOCKET: "/run/systemd/notify",
  RECORD: record,
  ...more,
});
const calls = (): string[] => readFileSync(record, "utf8").split("\n").filter(Boolean);

describe("the notifier of systemd", () => {
  it("says everything through the program, in order", async () => {
    fakeProgram();
    const log = recordingLog();
    const notifier = serviceNotifier({ env: env(), pid: 1, log });
    void notifier.ready("4 bots, 4 polling");
    void notifier.alive();
    void notifier.status("3 bots;\n$(touch /nowhere) `x`");
    await notifier.stopping("stopping 4 bots");
    expect(calls()).toEqual([
      "READY=1|STATUS=4 bots, 4 polling|",
      "WATCHDOG=1|",
      "STATUS=3 bots; $(touch /nowhere) `x`|",
      "STOPPING=1|STATUS=stopping 4 bots|",
    ]);
    expect(log.lines).toEqual([]);
  });

  it("does nothing outside systemd", async () => {
    fakeProgram();
    const notifier = serviceNotifier({
      env: env({ NOTIFY_SOCKET: "" }),
      pid: 1,
      log: recordingLog(),
    });
    await Promise.all([
      notifier.ready("x"),
      notifier.alive(),
      notifier.stopping("x"),
      notifier.status("x"),
    ]);
    expect(calls()).toEqual([]);
    expect(notifier.watchdogEveryMs).toBeUndefined();
  });

  it.each([
    ["is missing", undefined, /not on PATH/],
    ["fails", "echo no such socket >&2; exit 1", /no such socket/],
    ["kills itself", "kill -9 $$", /Command failed/],
  ])("only warns, and once, when the program %s", async (_what, script, reason) => {
    if (script !== undefined) fakeProgram(script);
    const log = recordingLog();
    const path = script === undefined ? "/nowhere" : `${folder}:/usr/bin:/bin`;
    const notifier = serviceNotifier({ env: env({ PATH: path }), pid: 1, log });
    await notifier.ready("x");
    await notifier.alive();
    expect(log.lines).toHaveLength(1);
    expect(log.of("warn")[0]).toMatch(reason);
  });

  it.each([
    ["half of what systemd allows", { WATCHDOG_USEC: "180000000", WATCHDOG_PID: "7" }, 90_000],
    ["the same without a pid", { WATCHDOG_USEC: "180000000" }, 90_000],
    [
      "nothing when another process is watched",
      { WATCHDOG_USEC: "180000000", WATCHDOG_PID: "8" },
      undefined,
    ],
    ["nothing when nobody watches", {}, undefined],
    ["nothing for a value that is no number", { WATCHDOG_USEC: "soon" }, undefined],
  ])("wants as a sign of life %s", (_what, more, expected) => {
    const notifier = serviceNotifier({ env: env(more), pid: 7, log: recordingLog() });
    expect(notifier.watchdogEveryMs).toBe(expected);
  });
});
