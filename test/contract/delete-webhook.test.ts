import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Api } from "../../shared/telegram/bot-api.ts";
import { type Sandbox, startSandbox } from "../../supervisor/sandbox/sandbox.ts";
import { FleetHome } from "../support/fleet-home.ts";
import { recordingLog } from "../support/recording-log.ts";

interface Bot {
  readonly id: number;
  readonly token: string;
}

describe("npm run delete-webhook", () => {
  let sandbox: Sandbox;
  const home = new FleetHome();

  beforeAll(async () => {
    sandbox = await startSandbox({ log: recordingLog() });
  });
  afterAll(async () => {
    await sandbox.close();
    await home.remove();
  });

  /** A bot of its own for each test, with a webhook and, if asked, an update that waits behind it. */
  async function makeBot(name: string, { webhook = true, waiting = true } = {}): Promise<Bot> {
    const [bot] = await sandbox.ensureBots([name]);
    if (bot === undefined) throw new Error("the sandbox made no bot");
    const api = new Api(bot.token, { apiRoot: sandbox.url });
    if (webhook) await api.setWebhook({ url: `https://hooks.example.org/${bot.token}` });
    if (waiting) {
      const { chats, me } = sandbox.user.state();
      const chat = chats.find(({ type, bots }) => type === "private" && bots.includes(bot.id));
      sandbox.user.say(chat?.id ?? 0, { from: me, text: "hello" });
    }
    return bot;
  }

  const left = ({ id }: Bot): { url: string; pending: number } => {
    const { webhookUrl, pending } = sandbox.user.polling(id);
    return { url: webhookUrl, pending };
  };

  async function run(
    args: string[],
    env: Record<string, string>,
  ): Promise<{ code: number | null; output: string }> {
    const program = home.start("scripts/delete-webhook", args, {
      TELEGRAM_API_ROOT: sandbox.url,
      ...env,
    });
    const code = await program.end();
    for (const value of Object.values(env))
      expect(program.output).not.toContain(value.split(":")[1] ?? value);
    return { code, output: program.output };
  }

  it("shows host, pending count and last error, and deletes keeping what waits", async () => {
    const bot = await makeBot("plain");
    const { code, output } = await run([], { TELEGRAM_BOT_TOKEN: bot.token });
    expect(output).toMatch(
      /^main \(bot \d+\): webhook on hooks\.example\.org, 1 updates pending, last error \d{4}-\d\d-\d\dT\S+: Connection refused$/m,
    );
    expect(output).toContain("done: webhook deleted, pending updates kept");
    expect(code).toBe(0);
    expect(left(bot)).toEqual({ url: "", pending: 1 });
  });

  it("changes nothing with --dry-run", async () => {
    const bot = await makeBot("dry");
    const args = ["--dry-run", "--drop-pending"];
    const { code, output } = await run(args, { TELEGRAM_BOT_TOKEN: bot.token });
    expect(output).toContain("would be done: webhook deleted, pending updates dropped");
    expect(code).toBe(0);
    expect(left(bot)).toMatchObject({ url: expect.stringContaining("hooks"), pending: 1 });
  });

  it("drops what waits only with --drop-pending", async () => {
    const bot = await makeBot("dropping");
    expect((await run(["--drop-pending"], { TELEGRAM_BOT_TOKEN: bot.token })).code).toBe(0);
    expect(left(bot)).toEqual({ url: "", pending: 0 });
  });

  it("finds nothing to do where no webhook is set", async () => {
    const bot = await makeBot("without", { webhook: false });
    const { code, output } = await run([], { TELEGRAM_BOT_TOKEN: bot.token });
    expect([code, output.includes("no webhook, 1 updates pending")]).toEqual([0, true]);
    expect(left(bot)).toEqual({ url: "", pending: 1 });
  });

  it("does one bot with --bot, by its own token or by main's", async () => {
    const main = await makeBot("one-main");
    const other = await makeBot("one-other");
    const env = { TELEGRAM_BOT_TOKEN: main.token, PUBLIC_TRADING_BOT_TOKEN: other.token };
    expect((await run(["--bot", "public_trading_bot"], env)).code).toBe(0);
    expect([left(main).url !== "", left(other).url]).toEqual([true, ""]);
    expect((await run(["--bot", "treasury"], env)).code).toBe(0);
    expect(left(main).url).toBe("");
  });

  it("does every token once with --all, also when one of them is refused", async () => {
    const main = await makeBot("all-main");
    const other = await makeBot("all-other");
    const { code, output } = await run(["--all"], {
      TELEGRAM_BOT_TOKEN: main.token,
      BUY_TRACKER_BOT_TOKEN: "4242:refused-refused-refused-refused",
      TREASURY_BOT_TOKEN: other.token,
    });
    expect(code).toBe(69);
    expect(output).toContain("main, public_trading_bot (bot ");
    expect(output).toContain("buy_tracker (bot 4242): Telegram refused the token");
    expect([left(main).url, left(other).url]).toEqual(["", ""]);
  });

  const token = "4242:AAE-none-such-secret-none-such-secret";
  it.each<[string, string[], Record<string, string>, number, string]>([
    [
      "an unknown bot",
      ["--bot", "nobody"],
      { TELEGRAM_BOT_TOKEN: token },
      64,
      "The bots are: main",
    ],
    ["--bot with --all", ["--bot", "main", "--all"], {}, 64, "exclude each other"],
    ["an unknown option", ["--everything"], {}, 64, "Usage: npm run delete-webhook"],
    ["a stray word", ["main"], {}, 64, "Usage: npm run delete-webhook"],
    ["a missing token", [], {}, 78, "TELEGRAM_BOT_TOKEN"],
    [
      "a malformed token",
      [],
      { TELEGRAM_BOT_TOKEN: "nonsense" },
      78,
      "TELEGRAM_BOT_TOKEN is not a bot token",
    ],
    ["a refused token", [], { TELEGRAM_BOT_TOKEN: token }, 69, "Telegram refused the token"],
    [
      "a Telegram that cannot be reached",
      [],
      { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: "http://127.0.0.1:9" },
      1,
      "cannot be reached for getWebhookInfo (ECONNREFUSED)",
    ],
    ["a wish for help", ["--help"], {}, 0, "Usage: npm run delete-webhook"],
  ])("answers %s clearly", async (_name, args, env, code, text) => {
    const { TELEGRAM_API_ROOT: apiRoot = sandbox.url, ...tokens } = env;
    const program = home.start("scripts/delete-webhook", args, {
      ...tokens,
      TELEGRAM_API_ROOT: apiRoot,
    });
    expect(await program.end()).toBe(code);
    expect(program.output).toContain(text);
    expect(program.output).not.toContain("none-such-secret");
    expect(program.output, "no stack for what a person can act on").not.toMatch(/\n\s+at /);
  });
});
