import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPicture, giveOrder } from "../../../supervisor/control/client.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const home = new FleetHome({ fleetYaml: "poll_timeout_seconds: 1" });
let supervisor: Program;
let url: string;

beforeAll(async () => {
  supervisor = home.supervisor();
  await home.allReady(supervisor);
  url = (await askPicture(home.stateDir)).pageUrl ?? "";
});
afterAll(() => home.remove());

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, text: await response.text() };
};
const healthy = (): Promise<boolean> =>
  eventually(
    async () => (await get("/health")).status === 200,
    () => supervisor.output,
    15_000,
  );

describe("monitoring, without the token", () => {
  it("is well when every bot has completed a poll, and counts what was handled", async () => {
    await healthy();
    const sandbox = await SandboxClient.of(supervisor);
    const chat = await sandbox.privateChat("main");
    await sandbox.answer(chat, await sandbox.say(chat, "/session hello"), /hello/);
    const text = await eventually(
      async () => {
        const found = (await get("/metrics")).text;
        return found.includes('tg_bot_handling_seconds_count{bot="main"} 1') ? found : undefined;
      },
      () => "the update counted",
    );
    expect(text).toContain('tg_bot_up{bot="treasury"} 1\n');
    expect(text).toMatch(/tg_bot_memory_bytes\{bot="main"\} \d{8,}/);
    expect(text).toContain("tg_fleet_healthy 1\n");
    expect(text).not.toMatch(/hello|\d{6,}:[A-Za-z0-9_-]{20,}/);
  });

  it("says who is not: a bot that hangs, a bot that is down by an operator's wish is well", async () => {
    const bot = (await askPicture(home.stateDir)).bots.find(({ name }) => name === "treasury");
    process.kill(bot?.pid ?? 0, "SIGSTOP");
    expect(await get("/health")).toEqual({ status: 503, text: "treasury does not answer\n" });
    process.kill(bot?.pid ?? 0, "SIGCONT");
    await healthy();
    await giveOrder(home.stateDir, "stop", { bot: "treasury" });
    await healthy();
  });

  it("shows nothing else, and nothing under another host's name", async () => {
    for (const path of ["/api/fleet", "/metrics/x", "/api/history"])
      expect((await get(path)).status, path).toBe(401);
    const other = await fetch(`${url}/metrics`, { headers: { origin: "http://evil.example" } });
    expect(other.status).toBe(403);
    const history = await giveOrder(home.stateDir, "history", {});
    const { bots } = await askPicture(home.stateDir);
    expect(Object.keys(history.bots)).toEqual(bots.map(({ name }) => name));
  });
});
