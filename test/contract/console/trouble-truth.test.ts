import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPicture } from "../../../supervisor/control/client.ts";
import type { PictureBot } from "../../../supervisor/control/contract/picture.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
});
afterAll(() => telegram.remove());

async function main(stateDir: string): Promise<PictureBot> {
  const bot = (await askPicture(stateDir)).bots[0];
  if (bot === undefined) throw new Error("no main");
  return bot;
}

describe("status, within a second of", () => {
  it("a conflict: told at once, a state of its own when it lasts, with who it is", async () => {
    const token = await sandbox.makeBot("main");
    const home = new FleetHome({
      env: { TELEGRAM_API_ROOT: sandbox.url, TELEGRAM_BOT_TOKEN: token.token },
      fleetYaml: "poll_timeout_seconds: 1\nbots:\n  main:\n    options:\n      agents: { demo: }\n",
    });
    try {
      const supervisor = home.supervisor();
      await home.allReady(supervisor);
      const leave = new AbortController();
      const foreign = (async () => {
        while (!leave.signal.aborted) {
          const url = `${sandbox.url}/bot${token.token}/getUpdates?timeout=1`;
          await fetch(url, { signal: leave.signal }).catch(() => undefined);
        }
      })();
      await supervisor.printed(/Telegram polling conflict detected/);
      await eventually(
        async () => {
          const { errors, polling } = await main(home.stateDir);
          return (errors["conflict_poller"] ?? 0) > 0 && polling.trouble !== undefined;
        },
        () => "the first conflict counted and told",
        1_000,
      );
      const early = home.start("supervisor/main", ["status"]);
      await early.end();
      expect(early.output).toMatch(
        /^main +ready +polling .*409 Conflict: another poller of this token, \d+ s ago/m,
      );
      await supervisor.printed(
        /main: a process elsewhere: on this machine nobody else polls/,
        60_000,
      );
      const shown = await eventually(
        async () => {
          const bot = await main(home.stateDir);
          return bot.polling.state === "conflict" && bot.rival !== undefined ? bot : undefined;
        },
        () => supervisor.output,
        1_000,
      );
      expect(shown.rival?.doing).toContain("revoke the token");
      const table = home.start("supervisor/main", ["status"]);
      await table.end();
      expect(table.output).toMatch(/^main +ready +conflict .*a process elsewhere/m);
      const doctor = home.start("supervisor/main", ["doctor"]);
      expect(await doctor.end()).toBe(1);
      expect(doctor.output).toMatch(/FAIL {2}main: a process elsewhere/);
      expect(doctor.output).toMatch(/\d+ conflicts \(409\) in 24 h/);
      leave.abort();
      await foreign;
    } finally {
      await home.remove();
    }
  });

  const disk = mkdtempSync(join(tmpdir(), "full-disk-"));
  const canMount = (): boolean => {
    const mounted =
      spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).status === 0;
    if (mounted) spawnSync("umount", [disk]);
    return mounted;
  };
  afterAll(() => {
    rmSync(disk, { recursive: true, force: true });
  });

  it.skipIf(!canMount())(
    "a full disk, and its end (needs a tmpfs to be mounted: root)",
    async () => {
      spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
      const token = await sandbox.makeBot("full");
      const home = new FleetHome({
        env: {
          TELEGRAM_API_ROOT: sandbox.url,
          TELEGRAM_BOT_TOKEN: token.token,
          TG_STATE_DIR: disk,
          LOG_LEVEL: "info",
        },
        fleetYaml: "poll_timeout_seconds: 1\nbots:\n  main:",
      });
      let supervisor: Program | undefined;
      try {
        supervisor = home.supervisor();
        const output = (): string => supervisor?.output ?? "";
        await eventually(
          async () => (await main(disk).catch(() => undefined))?.state === "ready",
          output,
        );
        mkdirSync(join(disk, "ballast"));
        for (let piece = 0, full = false; !full; piece += 1) {
          try {
            writeFileSync(join(disk, "ballast", String(piece)), Buffer.alloc(4096));
          } catch {
            full = true;
          }
        }
        const chat = await sandbox.privateChat("full");
        // The last page of the log may have room for a short one.
        for (let times = 0; times < 4; times += 1) await sandbox.say(chat, "x".repeat(3_000));
        await supervisor.printed(/polling state: waiting_for_storage/);
        await eventually(
          async () => (await main(disk)).polling.state === "waiting_for_storage",
          output,
          1_000,
        );
        expect((await main(disk)).polling.reason).toContain("ENOSPC");
        rmSync(join(disk, "ballast"), { recursive: true });
        await supervisor.printed(/waiting_for_storage[^]*polling state: polling/, 40_000);
        await eventually(async () => (await main(disk)).polling.state === "polling", output, 1_000);
      } finally {
        await home.remove();
        spawnSync("umount", [disk]);
      }
    },
  );
});
