import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { askPicture, giveOrder } from "../../../supervisor/control/client.ts";
import type { PictureBot } from "../../../supervisor/control/contract/picture.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient, type SandboxMessage } from "../../support/sandbox-client.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;
let home: FleetHome;
let supervisor: Program;
let me: number;
/** Lives in the admins' group, which may use the bots, and is on no list of users. */
let guest: number;
let chat: number;

const hasId = z.looseObject({ id: z.int() });

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  const token = await sandbox.makeBot("main");
  ({ me } = await sandbox.state());
  guest = hasId.parse(await sandbox.request("/sandbox/users", { first_name: "Guest" })).id;
  const group = { type: "group", title: "Admins", members: [me, guest], bots: [token.id] };
  chat = hasId.parse(await sandbox.request("/sandbox/chats", group)).id;
  home = new FleetHome({
    env: {
      TELEGRAM_API_ROOT: sandbox.url,
      TELEGRAM_BOT_TOKEN: token.token,
      TG_ALLOWED_USERS: String(me),
      PATH: "/usr/bin:/bin",
    },
    fleetYaml: [
      "restart: { max_crashes: 1, crash_window_seconds: 600, first_pause_seconds: 0.1, stable_after_seconds: 2 }",
      "bots:\n  main:\n    options: { agents: { demo: }, prewarm: { enabled: false } }\n  treasury:",
      `alerts: { chat: ${chat}, pause_seconds: 15 }`,
      `allowed_chats: [${chat}]`,
    ].join("\n"),
  });
  supervisor = home.supervisor();
  await home.allReady(supervisor);
});

afterAll(async () => {
  await home.remove();
  await telegram.remove();
});

async function seen(name: string): Promise<PictureBot> {
  const bot = (await askPicture(home.stateDir)).bots.find((each) => each.name === name);
  if (bot === undefined) throw new Error(`no ${name}`);
  return bot;
}
const until = (name: string, state: string): Promise<PictureBot> =>
  eventually(
    async () => {
      const bot = await seen(name);
      return bot.state === state ? bot : undefined;
    },
    () => supervisor.output,
  );

async function kill(name: string): Promise<void> {
  const { pid = 0 } = await until(name, "ready");
  process.kill(pid, "SIGKILL");
  await eventually(
    async () => (await seen(name)).pid !== pid,
    () => supervisor.output,
  );
}

const alerts = async (): Promise<string[]> =>
  (await sandbox.messages(chat)).map(({ text = "" }) => text);

const buttonsOf = (message: SandboxMessage): unknown =>
  (message as SandboxMessage & { reply_markup?: { inline_keyboard?: object[][] } }).reply_markup
    ?.inline_keyboard;

async function press(from: number, messageId: number): Promise<void> {
  await sandbox.request(`/sandbox/chats/${chat}/press`, {
    from,
    message_id: messageId,
    data: "fleet:restart:treasury",
  });
}

describe("the admins' chat", () => {
  let alert: SandboxMessage;

  it("hears once of a bot that was given up, with a button", async () => {
    await kill("treasury");
    await kill("treasury");
    await until("treasury", "given_up");
    alert = await sandbox.answer(chat, 0, /^treasury was given up: 2 crashes/, 15_000);
    expect(buttonsOf(alert)).toEqual([
      [{ text: "Restart treasury", callback_data: "fleet:restart:treasury" }],
    ]);
  });

  it("explains an alert as the supervisor's own message", async () => {
    const found = await giveOrder(home.stateDir, "explain", {
      what: `${chat}/${alert.message_id}`,
    });
    expect(found.said).toEqual([expect.stringMatching(/ is an alert of the supervisor, which /)]);
  });

  it("lets nobody restart a bot who is not an allowed user, and tells him so", async () => {
    await press(guest, alert.message_id);
    const answered = await eventually(
      async () => {
        const calls = await sandbox.request("/sandbox/calls?method=answerCallbackQuery&limit=10");
        return /Only the users of [^"]*/.exec(JSON.stringify(calls))?.[0];
      },
      () => supervisor.output,
    );
    expect(answered).toContain("may restart bots.");
    expect((await seen("treasury")).state).toBe("given_up");
    expect(supervisor.output).not.toContain(`user ${guest}`);
  });

  it("starts it with a press, and hears of it again where that did not help", async () => {
    await press(me, alert.message_id);
    await until("treasury", "ready");
    expect(supervisor.output).toContain(`started by user ${me} (button under an alert)`);
    expect((await alerts()).filter((text) => /given up/.test(text))).toHaveLength(1);
    await kill("treasury");
    await kill("treasury");
    await until("treasury", "given_up");
  });

  it("hears also of main, which cannot speak then, and that both run again; grouped, with a pause between", async () => {
    await kill("main");
    await kill("main");
    await until("main", "given_up");
    const second = await sandbox.answer(chat, alert.message_id, /given up/, 70_000);
    expect(second.text).toMatch(/treasury was given up again: 2 crashes/);
    expect(second.text).toMatch(/main was given up: 2 crashes.*npx tg-supervisor start main/);
    expect(buttonsOf(second)).toHaveLength(1);
    for (const bot of ["main", "treasury"]) {
      const start = home.start("supervisor/main", ["start", bot]);
      expect(await start.end(), start.output).toBe(0);
    }
    const third = await sandbox.answer(chat, second.message_id, /runs stably again/, 75_000);
    expect(third.text?.split("\n\n").toSorted()).toEqual([
      "main runs stably again.",
      "treasury runs stably again.",
    ]);
  }, 180_000);
});
