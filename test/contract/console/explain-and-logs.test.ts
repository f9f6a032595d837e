import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveOrder } from "../../../supervisor/control/client.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const home = new FleetHome();
let supervisor: Program;
let sandbox: SandboxClient;

beforeAll(async () => {
  supervisor = home.supervisor();
  await home.allReady(supervisor);
  sandbox = await SandboxClient.of(supervisor);
});
afterAll(() => home.remove());

async function command(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = home.start("supervisor/main", args);
  return { code: await program.end(), output: program.output };
}

describe("explain", () => {
  it("answers over the control API as on the command line", async () => {
    const chat = await sandbox.privateChat("main");
    const said = await sandbox.say(chat, "/session secret-word");
    await sandbox.answer(chat, said, /secret-word/);
    // For the bot a private chat is its user.
    const { me } = await sandbox.state();
    const found = await giveOrder(home.stateDir, "explain", { what: `${me}/${said}` });
    expect(found.updates).toMatchObject([{ kind: "message", conversation: String(me) }]);
  });

  it("says why nothing is known", async () => {
    const unknown = await command("explain", "1");
    expect(unknown.code).toBe(1);
    expect(unknown.output).toMatch(/begins later|ends before/);
    expect((await command("explain", "nonsense")).code).toBe(64);
  });
});

describe("logs", () => {
  it("shows those of the fleet, of one bot, and what comes", async () => {
    expect((await command("logs")).output).toMatch(/\[supervisor\] main: starting -> ready/);
    const ofTreasury = await command("logs", "--json", "--lines", "5", "treasury");
    const lines = ofTreasury.output
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as { name: string });
    expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(["treasury"]));
    expect((await command("logs", "nobody")).code).toBe(64);
    const following = home.start("supervisor/main", ["logs", "-f", "supervisor"]);
    await following.printed(/main: starting -> ready/);
    await command("restart", "treasury");
    await following.printed(/treasury: ready -> stopping: restart asked by/);
    following.kill("SIGTERM");
    await following.end();
  });

  it("that are not there yet are told where they will be, apart from what others read", async () => {
    const empty = new FleetHome();
    try {
      const program = empty.start("supervisor/main", ["logs", "--json", "main"]);
      expect(await program.end()).toBe(0);
      expect(program.output).toContain(`There are no logs yet. They will be in ${empty.stateDir}`);
    } finally {
      await empty.remove();
    }
  });
});
