import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../support/fleet-home.ts";
import { eventually, type Program } from "../support/program.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

describe("bots and tokens", () => {
  const telegram = new FleetHome();
  let sandbox: SandboxClient;
  let main: { id: number; token: string };
  let own: { id: number; token: string };

  beforeAll(async () => {
    sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
    main = await sandbox.makeBot("main");
    own = await sandbox.makeBot("treasury");
  });

  afterAll(() => telegram.remove());

  function liveHome(env: Readonly<Record<string, string>>): FleetHome {
    return new FleetHome({
      env: { TELEGRAM_API_ROOT: sandbox.url, TELEGRAM_BOT_TOKEN: main.token, ...env },
    });
  }

  it("with one token for all, only main polls; the others say why they do not", async () => {
    const home = liveHome({});
    try {
      const supervisor = home.supervisor();
      const status = await home.allReady(supervisor);
      expect(status.bots.map(({ name, polling }) => [name, polling.state])).toEqual([
        ["main", "polling"],
        ["buy_tracker", "reading"],
        ["public_trading_bot", "reading"],
        ["treasury", "reading"],
      ]);
      for (const name of ["buy_tracker", "public_trading_bot", "treasury"]) {
        expect(supervisor.output).toMatch(
          new RegExp(`WARN +\\[${name}\\] polling disabled: lock held`),
        );
      }
      expect((await sandbox.polling(main.id)).overlappingPolls).toBe(0);
    } finally {
      await home.remove();
    }
  });

  it("a bot with a token of its own polls it, with exactly its kinds of update", async () => {
    const home = liveHome({ TREASURY_BOT_TOKEN: own.token });
    try {
      const status = await home.allReady(home.supervisor());
      expect(status.bots.find(({ name }) => name === "treasury")?.polling.state).toBe("polling");
      expect((await sandbox.polling(own.id)).allowedUpdates).toEqual(["message", "callback_query"]);
    } finally {
      await home.remove();
    }
  });

  it("a standalone auxiliary bot on main's token does not poll while main does, and takes over when main ends", async () => {
    const home = liveHome({});
    const running: Program[] = [];
    try {
      const standaloneMain = home.bot("main");
      running.push(standaloneMain);
      await standaloneMain.printed(/\[main\] ready/);
      const treasury = home.bot("treasury");
      running.push(treasury);
      await treasury.printed(/WARN +\[treasury\] polling disabled: lock held/);
      const callsBefore = (await sandbox.polling(main.id)).getUpdatesCalls;
      standaloneMain.kill("SIGKILL");
      await treasury.printed(/\[treasury\] polling begins/, 5_000);
      await eventually(
        async () => (await sandbox.polling(main.id)).getUpdatesCalls > callsBefore,
        () => "treasury polls",
      );
      expect((await sandbox.polling(main.id)).overlappingPolls).toBe(0);
      treasury.kill("SIGTERM");
      expect(await treasury.end()).toBe(0);
      expect(home.lockExists).toBe(false);
    } finally {
      await home.remove();
    }
  });

  it("supervised bots that share a token which is not main's take it from each other, and say who has it now", async () => {
    const home = liveHome({
      TREASURY_BOT_TOKEN: own.token,
      BUY_TRACKER_BOT_TOKEN: own.token,
      PUBLIC_TRADING_BOT_TOKEN: own.token,
    });
    try {
      const supervisor = home.supervisor();
      const before = await home.allReady(supervisor);
      const poller = before.bots.find(
        ({ name, polling }) => name !== "main" && polling.state === "polling",
      );
      const stop = home.start("supervisor/main", ["stop", poller?.name ?? ""]);
      expect(await stop.end(), stop.output).toBe(0);
      const [others, next] = await eventually(
        () => {
          const rest = (home.status()?.bots ?? []).filter(
            ({ name }) => name !== "main" && name !== poller?.name,
          );
          const taker = rest.find(({ polling }) => polling.state === "polling");
          return taker === undefined ? undefined : ([rest, taker] as const);
        },
        () => supervisor.output,
      );
      expect(others).toHaveLength(2);
      await eventually(
        () =>
          home
            .status()
            ?.bots.find(({ name }) => others.some((bot) => bot.name === name) && name !== next.name)
            ?.polling.reason?.startsWith(`lock held: bot ${next.name}, pid ${next.pid} `),
        () => `the third says that ${next.name} has it: ${JSON.stringify(home.status()?.bots)}`,
      );
      expect((await sandbox.polling(own.id)).overlappingPolls).toBe(0);
    } finally {
      await home.remove();
    }
  });

  it("SKIP_TELEGRAM_LOCK=1 skips the named lock and never the guard", async () => {
    const home = liveHome({ SKIP_TELEGRAM_LOCK: "1" });
    try {
      const first = home.bot("main");
      await first.printed(/\[main\] ready/);
      expect(home.lockExists).toBe(false);
      // Another state directory: on the same one the lease refuses it.
      const second = home.bot("main", { TG_STATE_DIR: join(home.dir, "other") });
      await second.printed(/Another process polls this token/);
      first.kill("SIGKILL");
      await second.printed(/\[main\] ready/, 5_000);
      expect((await sandbox.polling(main.id)).overlappingPolls).toBe(0);
    } finally {
      await home.remove();
    }
  });

  it("a refused token at the start ends the bot with exit code 69", async () => {
    const home = liveHome({ TELEGRAM_BOT_TOKEN: `${main.id}:${"x".repeat(35)}` });
    try {
      const bot = home.bot("main");
      expect(await bot.end()).toBe(69);
      expect(bot.output).toContain("Telegram refused the token");
      expect(bot.output).not.toContain("xxxxx");
    } finally {
      await home.remove();
    }
  });

  it("an unreachable Telegram keeps the bot up, waiting for the network", async () => {
    const home = liveHome({ TELEGRAM_API_ROOT: "http://127.0.0.1:9" });
    try {
      const supervisor = home.supervisor();
      const waiting = await eventually(
        () =>
          home
            .status()
            ?.bots.find(
              ({ name, polling }) => name === "main" && polling.state === "waiting_for_network",
            ),
        () => supervisor.output,
      );
      expect(waiting.pid).toBeDefined();
    } finally {
      await home.remove();
    }
  });
});
