import { afterAll, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { press } from "../../support/pressing.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { said } from "./ways.ts";

const home = new FleetHome();

afterAll(() => home.remove());

it("within 30 s of the start a newcomer sees a treasury and trades on paper", async () => {
  const startedAt = performance.now();
  const supervisor = home.supervisor();
  const sandbox = await SandboxClient.of(supervisor);
  await home.allReady(supervisor, 30_000);
  const treasury = await sandbox.privateChat("treasury");
  const page = await said(
    sandbox,
    treasury,
    await sandbox.say(treasury, "/treasury"),
    /Total/,
    home,
  );
  expect(JSON.stringify(page)).toContain("Simulated market");
  const trading = await sandbox.privateChat("public_trading_bot");
  const asked = await sandbox.say(trading, "/buy 100");
  const quote = await said(sandbox, trading, asked, /buys SIM/, home);
  await press(sandbox, trading, quote, /Buy/);
  await said(sandbox, trading, asked, /bought.*trade 1/, home);
  const tookMs = performance.now() - startedAt;
  console.log(`from the start to a paper trade: ${Math.round(tookMs)} ms`);
  expect(tookMs).toBeLessThan(30_000);
});
