import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { FleetHome } from "../support/fleet-home.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

const infoSchema = z.object({
  result: z.looseObject({ url: z.string(), pending_update_count: z.int() }),
});

describe("a webhook found before polling", () => {
  const telegram = new FleetHome();
  let sandbox: SandboxClient;

  beforeAll(async () => {
    sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  });

  afterAll(() => telegram.remove());

  async function botWithWebhook(name: string): Promise<{ id: number; token: string }> {
    const bot = await sandbox.makeBot(name);
    await sandbox.request(`/bot${bot.token}/setWebhook`, {
      url: "https://hooks.example.org/secret-path",
    });
    return bot;
  }

  const urlOf = async (token: string): Promise<string> =>
    infoSchema.parse(await sandbox.request(`/bot${token}/getWebhookInfo`)).result.url;

  it("is deleted with a warning that names its host, and what waited is handled", async () => {
    const bot = await botWithWebhook("main");
    const chat = await sandbox.privateChat("main");
    const waiting = await sandbox.say(chat, "/session sent-while-the-webhook-was-set");
    const home = new FleetHome({
      env: {
        TELEGRAM_API_ROOT: sandbox.url,
        TELEGRAM_BOT_TOKEN: bot.token,
        TG_ALLOWED_USERS: String((await sandbox.state()).me),
      },
    });
    try {
      const main = home.bot("main");
      await sandbox.answer(chat, waiting, /sent-while-the-webhook-was-set/);
      expect(main.output).toMatch(/WARN .*webhook.*hooks\.example\.org/);
      expect(main.output).not.toContain("secret-path");
      expect(await urlOf(bot.token)).toBe("");
    } finally {
      await home.remove();
    }
  });

  it("is kept where fleet.yaml says so: no polling, state misconfigured", async () => {
    const bot = await botWithWebhook("kept");
    const home = new FleetHome({
      env: { TELEGRAM_API_ROOT: sandbox.url, TELEGRAM_BOT_TOKEN: bot.token },
      fleetYaml: "bots:\n  main:\n    webhook: keep\n",
    });
    try {
      const supervisor = home.supervisor();
      await supervisor.printed(/misconfigured/);
      expect(await urlOf(bot.token)).toContain("hooks.example.org");
      expect((await sandbox.polling(bot.id)).getUpdatesCalls).toBe(0);
    } finally {
      await home.remove();
    }
  });
});
