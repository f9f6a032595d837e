import { afterAll, expect, it } from "vitest";
import { FleetHome } from "../support/fleet-home.ts";
import { cpuSeconds } from "../support/proc.ts";

const home = new FleetHome();
const observeMs = 6_000;

afterAll(() => home.remove());

it("an idle fleet uses next to no CPU", async () => {
  const supervisor = home.supervisor();
  const status = await home.allReady(supervisor);
  const pids = [supervisor.pid, ...status.bots.map(({ pid }) => pid ?? 0)];
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = pids.map(cpuSeconds);
  await new Promise((resolve) => setTimeout(resolve, observeMs));
  const used = pids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? 0));
  const share = (used.reduce((sum, seconds) => sum + seconds, 0) / (observeMs / 1000)) * 100;
  console.log(`idle fleet of ${pids.length} processes: ${share.toFixed(2)} % of one core`);
  // One tick is 10 ms; a busy loop anywhere would show as tens of per cent.
  expect(share).toBeLessThan(3);
});
