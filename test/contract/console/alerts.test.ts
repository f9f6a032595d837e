import { afterAll, beforeAll, expect, it } from "vitest";
import { askPicture } from "../../../supervisor/control/client.ts";
import type { PictureBot } from "../../../supervisor/control/contract/picture.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient, type SandboxMessage } from "../../support/sandbox-client.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;
let home: FleetHome;
let supervisor: Program;
let me: number;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  const token = await sandbox.makeBot("main");
  ({ me } = await sandbox.state());
  home = new FleetHome({
    env: {
      TELEGRAM_API_ROOT: sandbox.url,
      TELEGRAM_BOT_TOKEN: token.token,
      TG_ALLOWED_USERS: String(me),
    },
    fleetYaml: `restart:\n  max_crashes: 1\n  crash_window_seconds: 600\n  first_pause_seconds: 0.1\nbots:\n  main:\n  treasury:\nalerts:\n  chat: ${me}\n`,
  });
  supervisor = home.supervisor();
  await home.allReady(supervisor);
});

afterAll(async () => {
  await home.remove();
  await telegram.remove();
});

async function treasury(): Promise<PictureBot> {
  const bot = (await askPicture(home.stateDir)).bots.find(({ name }) => name === "treasury");
  if (bot === undefined) throw new Error("no treasury");
  return bot;
}
const until = (state: string): Promise<PictureBot> =>
  eventually(
    async () => {
      const bot = await treasury();
      return bot.state === state ? bot : undefined;
    },
    () => supervisor.output,
  );

it("the admins hear once of a bot that was given up, and a press starts it again", async () => {
  process.kill((await until("ready")).pid ?? 0, "SIGKILL");
  const second = await eventually(
    async () => {
      const bot = await treasury();
      return bot.restarts === 1 && bot.state === "ready" ? bot : undefined;
    },
    () => supervisor.output,
  );
  process.kill(second.pid ?? 0, "SIGKILL");
  await until("given_up");
  const chat = await sandbox.privateChat("main");
  const alert = await sandbox.answer(chat, 0, /^treasury was given up: 2 crashes/, 15_000);
  const keyboard = (alert as SandboxMessage & { reply_markup?: { inline_keyboard?: object[][] } })
    .reply_markup?.inline_keyboard;
  expect(keyboard).toEqual([
    [{ text: "Restart treasury", callback_data: "fleet:restart:treasury" }],
  ]);
  await sandbox.request(`/sandbox/chats/${chat}/press`, {
    from: me,
    message_id: alert.message_id,
    data: "fleet:restart:treasury",
  });
  await until("ready");
  expect(supervisor.output).toContain(`started by user ${me} (button under an alert)`);
  const alerts = (await sandbox.messages(chat)).filter(({ text }) => /given up/.test(text ?? ""));
  expect(alerts).toHaveLength(1);
});
