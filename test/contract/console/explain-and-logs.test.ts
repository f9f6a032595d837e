import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveOrder } from "../../../supervisor/control/client.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
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
  it("tells the way of an update: received, logged, read, handled, answered as which message", async () => {
    const chat = await sandbox.privateChat("main");
    const said = await sandbox.say(chat, "/session secret-word");
    const answer = await sandbox.answer(chat, said, /secret-word/);
    // For the bot a private chat is its user.
    const { me } = await sandbox.state();
    const first = await command("explain", `${me}/${said}`);
    const updateId = Number(/Update (\d+) of bot/.exec(first.output)?.[1]);
    const way = await eventually(
      async () => {
        const found = await giveOrder(home.stateDir, "explain", { what: String(updateId) });
        return found.updates[0]?.bots[0]?.answers[0]?.state === "sent" ? found : undefined;
      },
      () => supervisor.output,
    );
    expect(way.updates).toHaveLength(1);
    expect(way.updates[0]).toMatchObject({ updateId, kind: "message" });
    expect(way.updates[0]?.bots).toEqual([
      expect.objectContaining({ bot: "main", state: "done", attempts: 0 }),
    ]);
    expect(way.updates[0]?.bots[0]?.answers[0]?.messageIds).toEqual([answer.message_id]);
    const text = await command("explain", String(updateId));
    expect(text.code).toBe(0);
    expect(text.output).toMatch(
      /was received at .*\nmain handled it\. Sent at .* as message \d+\./,
    );
    expect(JSON.stringify(way) + text.output).not.toContain("secret");
    const place = way.updates[0]?.conversation ?? "";
    const byMessage = await command("explain", `${place}/${said}`);
    expect(byMessage.output).toContain(`Update ${updateId} of bot`);
    const byAnswer = await command("explain", `${place}/${answer.message_id}`);
    expect(byAnswer.output).toMatch(
      new RegExp(`is an answer to update ${updateId}\\.\nUpdate ${updateId}`),
    );
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
});
