import { afterAll, beforeAll, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { said, ways } from "../trading/ways.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
});

afterAll(() => telegram.remove());

it.each(ways("buy_tracker"))("buy_tracker tells of buys when it runs %s", async (_, open) => {
  const { home, chat } = await open(sandbox);
  try {
    const asked = await sandbox.say(chat, "/watch SIM 1");
    await said(sandbox, chat, asked, /are told here, from 1 sUSD/, home);
    const buy = await said(sandbox, chat, asked, /Buy: |buys: /, home, 30_000);
    expect(buy.text).toMatch(/Simulated market: nothing of it is real\./);
    const state = await sandbox.say(chat, "/tracker");
    await said(sandbox, chat, state, /Chain: simulated market, followed/, home);
  } finally {
    await home.remove();
  }
});
