import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome, patientFleet } from "../support/fleet-home.ts";
import { processesWith } from "../support/proc.ts";
import { eventually, type Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";
import { seededRandom } from "../support/seeded-random.ts";

const rounds = Number(process.env["KILL_ROUNDS"] ?? 20);
const seed = Number(process.env["KILL_SEED"] ?? 1);

/** Supervisor or any bot killed at random moments, restarted at once. The sandbox runs alone and counts. */
describe(`${rounds} rounds of SIGKILL (seed ${seed})`, () => {
  const telegram = new FleetHome();
  let sandbox: SandboxClient;
  let home: FleetHome;
  let botIds: number[];

  beforeAll(async () => {
    sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
    const env: Record<string, string> = { TELEGRAM_API_ROOT: sandbox.url };
    const bots = await Promise.all(
      ["main", "buy_tracker", "treasury", "public_trading_bot"].map((name) =>
        sandbox.makeBot(name),
      ),
    );
    botIds = bots.map(({ id }) => id);
    const variables = [
      "TELEGRAM_BOT_TOKEN",
      "BUY_TRACKER_BOT_TOKEN",
      "TREASURY_BOT_TOKEN",
      "PUBLIC_TRADING_BOT_TOKEN",
    ];
    for (const [index, variable] of variables.entries()) env[variable] = bots[index]?.token ?? "";
    home = new FleetHome({ env, fleetYaml: patientFleet });
  });

  afterAll(async () => {
    await home.remove();
    await telegram.remove();
  });

  const mainCalls = async (): Promise<number> =>
    (await sandbox.polling(botIds[0] ?? 0)).getUpdatesCalls;

  it(
    "never has two pollers of one token, keeps the lock true and leaves nothing",
    async () => {
      const random = seededRandom(seed);
      const takeOverMs: number[] = [];
      let supervisor: Program = home.supervisor();
      await home.allReady(supervisor);
      for (let round = 0; round < rounds; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, random() * 600));
        const bots = home.status()?.bots ?? [];
        const victim = Math.floor(random() * (bots.length + 2));
        const pid = bots[victim]?.pid;
        if (pid !== undefined) {
          killIfThere(pid);
          continue;
        }
        const before = await mainCalls();
        supervisor.kill("SIGKILL");
        const startedAt = performance.now();
        supervisor = home.supervisor();
        await eventually(
          async () => (await mainCalls()) > before,
          () => supervisor.output,
        );
        takeOverMs.push(performance.now() - startedAt);
      }
      await home.allReady(supervisor);
      const polling = await Promise.all(botIds.map((id) => sandbox.polling(id)));
      expect(polling.map(({ overlappingPolls }) => overlappingPolls)).toEqual(botIds.map(() => 0));
      expect([home.lockExists, home.holderRecordExists]).toEqual([true, true]);
      supervisor.kill("SIGTERM");
      expect(await supervisor.end()).toBe(0);
      expect([home.lockExists, home.holderRecordExists]).toEqual([false, false]);
      await eventually(
        () => processesWith(home.dir).length === 0,
        () => `left: ${processesWith(home.dir).join()}`,
        5_000,
      );
      const median = takeOverMs.toSorted((a, b) => a - b)[Math.floor(takeOverMs.length / 2)] ?? 0;
      console.log(
        `${rounds} rounds, ${takeOverMs.length} of them on the supervisor: overlapping polls 0; ` +
          `new supervisor to main's getUpdates: median ${Math.round(median)} ms, longest ${Math.round(Math.max(...takeOverMs))} ms`,
      );
      // The figure printed above is the measurement (under a second on a quiet machine). The promise that must hold on
      // any machine is the five seconds of invariant 8.
      expect(median).toBeLessThan(5_000);
      expect(home.allOutput()).not.toMatch(/\d{6,}:[A-Za-z0-9_-]{30,}/);
    },
    60_000 + rounds * 5_000,
  );

  it("bots of a killed supervisor end by themselves within 5 seconds", async () => {
    const supervisor = home.supervisor();
    const status = await home.allReady(supervisor);
    const pids = status.bots.map(({ pid }) => pid ?? 0);
    supervisor.kill("SIGKILL");
    const gone = (): boolean => pids.every((pid) => !processesWith(home.dir).includes(pid));
    await eventually(gone, () => `left: ${processesWith(home.dir).join()}`, 5_000);
    expect(gone()).toBe(true);
  });
});

/** A bot may end between the reading of the status and the kill. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
