import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ServiceUnit, serviceUnit } from "../../../../supervisor/cli/service/service-unit.ts";

const folder = mkdtempSync(join(tmpdir(), "service-unit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const example: ServiceUnit = {
  description: "Telegram bots of the demo fleet",
  scope: { kind: "system", user: "bots" },
  nodePath: process.execPath,
  entry: "/opt/fleet/scripts/tg-supervisor.mjs",
  args: ["up"],
  workingDirectory: "/opt/fleet",
  environmentFile: undefined,
  environment: {},
  path: "/usr/local/bin:/usr/bin:/bin",
  stopDeadlineMs: 20_000,
  watchdogSeconds: 180,
};

const settings = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("the systemd unit", () => {
  it("reports readiness, is watched, and stops in our order and not in systemd's", () => {
    expect(settings(serviceUnit(example))).toEqual([
      "[Unit]",
      "Description=Telegram bots of the demo fleet",
      "Wants=network-online.target",
      "After=network-online.target",
      "StartLimitIntervalSec=0",
      "[Service]",
      "Type=notify",
      "NotifyAccess=all",
      "TimeoutStartSec=infinity",
      "WatchdogSec=180",
      `ExecStart=${process.execPath} /opt/fleet/scripts/tg-supervisor.mjs up`,
      "WorkingDirectory=/opt/fleet",
      "User=bots",
      "Environment=PATH=/usr/local/bin:/usr/bin:/bin",
      "Restart=on-failure",
      "RestartSec=2",
      "RestartPreventExitStatus=64 69 78",
      "KillMode=mixed",
      "TimeoutStopSec=35",
      "OOMPolicy=continue",
      "UMask=0077",
      "ProtectSystem=full",
      "[Install]",
      "WantedBy=multi-user.target",
    ]);
  });

  it("for a user has no user, no target that users lack, and no namespace", () => {
    const lines = settings(serviceUnit({ ...example, scope: { kind: "user" } }));
    expect(lines.filter((line) => /^User=|network-online|ProtectSystem/.test(line))).toEqual([]);
    expect(lines).toContain("WantedBy=default.target");
  });

  it.each([
    ["a space", "/opt/my fleet/run.mjs", '"/opt/my fleet/run.mjs"'],
    ["a percent sign", "/opt/100%/run.mjs", "/opt/100%%/run.mjs"],
    ["a dollar sign", "/opt/$HOME/run.mjs", '"/opt/$$HOME/run.mjs"'],
    ["a quotation mark", '/opt/"x"/run.mjs', '"/opt/\\"x\\"/run.mjs"'],
    ["a backslash", "/opt/a\\b/run.mjs", '"/opt/a\\\\b/run.mjs"'],
  ])("keeps a path with %s one word", (_what, entry, word) => {
    expect(serviceUnit({ ...example, entry })).toContain(
      `ExecStart=${process.execPath} ${word} up\n`,
    );
  });

  const verifier = spawnSync("systemd-analyze", ["--version"]);
  it.skipIf(verifier.error !== undefined).each([["system"], ["user"]])(
    "is accepted by systemd-analyze verify, where that program is installed (%s)",
    (kind) => {
      const file = join(folder, "tg-supervisor.service");
      const scope: ServiceUnit["scope"] =
        kind === "user" ? { kind: "user" } : { kind: "system", user: "root" };
      const unit = serviceUnit({
        ...example,
        scope,
        workingDirectory: folder,
        entry: "/opt/my 100% $fleet/run.mjs",
        environmentFile: join(folder, "tokens.env"),
      });
      writeFileSync(file, unit);
      const check = spawnSync(
        "systemd-analyze",
        ["verify", ...(kind === "user" ? ["--user"] : []), "--man=no", "--generators=no", file],
        { encoding: "utf8", env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder } },
      );
      const complaints = check.stderr.split("\n").filter((line) => line.includes("tg-supervisor"));
      expect(complaints).toEqual([]);
      expect(check.status).toBe(0);
    },
  );
});
