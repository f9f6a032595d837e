import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import type { Program } from "../../support/program.ts";

const home = new FleetHome({ fleetYaml: "bots:\n  main:\n  treasury:\n" });
let supervisor: Program;

beforeAll(async () => {
  supervisor = home.supervisor();
  await home.allReady(supervisor, 40_000);
}, 60_000);

afterAll(async () => {
  supervisor.kill("SIGCONT");
  await home.remove();
});

const command = (...args: string[]): Program => home.start("supervisor/main", args);

describe("a supervisor that hangs", () => {
  it("ends `status --watch` with a word about it", async () => {
    const watch = command("status", "--watch");
    await watch.printed(/treasury +ready/);
    supervisor.kill("SIGSTOP");
    try {
      expect(await watch.end()).not.toBe(0);
      expect(watch.output).toContain("it hangs or is suspended");
      expect(watch.output).not.toContain("The supervisor has ended");
    } finally {
      supervisor.kill("SIGCONT");
    }
  });

  it("does not end `status --watch` that was suspended itself", async () => {
    const watch = command("status", "--watch", "--json");
    await watch.printed(/"snapshot"/);
    watch.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const before = watch.output.length;
    watch.kill("SIGCONT");
    await expect.poll(() => watch.output.length, { timeout: 5_000 }).toBeGreaterThan(before);
    await watch.printed(/"usage"/);
    expect(watch.running).toBe(true);
    watch.kill("SIGTERM");
    await watch.end();
  });

  it("lets an order wait, says why after 5 s, and is obeyed once it goes on", async () => {
    supervisor.kill("SIGSTOP");
    const order = command("stop", "treasury");
    try {
      await order.printed(/Still waiting: .*tg-supervisor doctor/);
      expect(order.running).toBe(true);
    } finally {
      supervisor.kill("SIGCONT");
    }
    expect(await order.end()).toBe(0);
    expect(order.output).toMatch(/treasury/);
  });
});
