import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FleetHome } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import { eventually } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;
let token = "";

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  token = (await sandbox.makeBot("main")).token;
});

afterAll(() => telegram.remove());

it("main ends its stages in order within 5 s of the supervisor's death, though Telegram hangs", async () => {
  const home = new FleetHome({
    env: {
      TELEGRAM_API_ROOT: sandbox.url,
      TELEGRAM_BOT_TOKEN: token,
      TG_ALLOWED_USERS: String((await sandbox.state()).me),
    },
  });
  try {
    const supervisor = home.supervisor();
    const status = await home.allReady(supervisor);
    const pid = status.bots.find(({ name }) => name === "main")?.pid ?? 0;
    await sandbox.request("/sandbox/faults", { kind: "hang", method: "sendMessage", times: 0 });
    // A handler that waits for Telegram uses up what the lanes have, the request on its way what the outbox has.
    await sandbox.say(await sandbox.privateChat("main"), "/start");
    const log = (): string => readFileSync(join(home.stateDir, "logs", "main.log"), "utf8");
    await eventually(
      async () => JSON.stringify(await sandbox.request("/sandbox/faults")).includes('"hits":1'),
      () => "the answer hangs",
    );
    supervisor.kill("SIGKILL");
    await eventually(
      () => !processesWith(home.dir).includes(pid),
      () => `main ends\n${log()}`,
      5_000,
    );
    expect(log()).not.toContain("the ordered stop took too long");
    // The kernel's signal about the death may come first.
    expect(log()).toMatch(/\[main\] stopped cause=(supervisor_lost|sigterm) exitCode=0/);
  } finally {
    await sandbox.request("/sandbox/faults", undefined, "DELETE");
    await home.remove();
  }
});
