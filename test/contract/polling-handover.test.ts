import { afterAll, beforeAll, expect, it } from "vitest";
import type { BotStatus } from "../../shared/contract/fleet-status.ts";
import { FleetHome } from "../support/fleet-home.ts";
import { eventually } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

/** Gives main up at its second crash, and tries it again after a moment. */
const impatientFleet = `
restart:
  max_crashes: 1
  crash_window_seconds: 600
  give_up_pause_seconds: 6
  stable_after_seconds: 1
bots:
  main:
  buy_tracker:
  treasury:
`;

const telegram = new FleetHome();
let sandbox: SandboxClient;
let home: FleetHome;
let token: { id: number; token: string };

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  token = await sandbox.makeBot("main");
  home = new FleetHome({
    env: {
      TELEGRAM_API_ROOT: sandbox.url,
      TELEGRAM_BOT_TOKEN: token.token,
      TG_ALLOWED_USERS: String((await sandbox.state()).me),
    },
    fleetYaml: impatientFleet,
  });
});

afterAll(async () => {
  await home.remove();
  await telegram.remove();
});

it("polling goes to an auxiliary bot when main is given up, and back when main is", async () => {
  const supervisor = home.supervisor();
  await home.allReady(supervisor);
  const bot = (name: string): BotStatus | undefined =>
    home.status()?.bots.find((each) => each.name === name);
  const killMain = async (): Promise<void> => {
    const pid = bot("main")?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await eventually(
      () => bot("main")?.pid !== pid,
      () => supervisor.output,
    );
  };

  await killMain();
  await eventually(
    () => bot("main")?.state === "ready",
    () => supervisor.output,
  );
  await killMain();
  await eventually(
    () => bot("main")?.state === "given_up",
    () => supervisor.output,
  );
  await eventually(
    () => bot("buy_tracker")?.polling.state === "polling",
    () => supervisor.output,
  );
  expect(bot("treasury")?.polling.state).toBe("reading");
  const deputy = `lock held: bot buy_tracker, pid ${bot("buy_tracker")?.pid ?? 0} `;
  await eventually(
    () => bot("treasury")?.polling.reason?.startsWith(deputy),
    () => JSON.stringify(bot("treasury")),
  );
  expect(home.lockExists).toBe(true);

  const chat = await sandbox.privateChat("main");
  const said = await sandbox.say(chat, "/session said-while-main-was-away");

  await eventually(
    () => bot("main")?.polling.state === "polling",
    () => supervisor.output,
    15_000,
  );
  await eventually(
    () => bot("buy_tracker")?.polling.state === "reading",
    () => supervisor.output,
  );
  for (const name of ["buy_tracker", "treasury"]) {
    await eventually(
      () => bot(name)?.polling.reason?.startsWith(`lock held: supervisor, pid ${supervisor.pid}`),
      () => JSON.stringify(bot(name)),
    );
  }
  const answers = async (): Promise<number> =>
    (await sandbox.messages(chat)).filter(
      ({ message_id: id, text }) => id > said && /while-main-was-away/.test(text ?? ""),
    ).length;
  await eventually(
    async () => (await answers()) === 1,
    () => "main's answer",
  );
  await sandbox.answer(chat, await sandbox.say(chat, "/session and-after"), /and-after/);
  expect(await answers()).toBe(1);
  expect((await sandbox.polling(token.id)).overlappingPolls).toBe(0);
  supervisor.kill("SIGTERM");
  expect(await supervisor.end()).toBe(0);
  expect(home.lockExists).toBe(false);
});
