import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

/** `npx tg-supervisor pair` beside a fleet that runs, and strangers in the sandbox. */
describe("pairing with a running fleet", () => {
  const home = new FleetHome({ fleetYaml: "bots:\n  main:\n" });
  let supervisor: Program;
  let sandbox: SandboxClient;
  let stranger: number;
  let chat: number;
  const codes: string[] = [];

  beforeAll(async () => {
    supervisor = home.supervisor();
    await home.allReady(supervisor);
    sandbox = await SandboxClient.of(supervisor);
    const ids = z.looseObject({ id: z.int() });
    stranger = ids.parse(await sandbox.request("/sandbox/users", { first_name: "Stranger" })).id;
    const bot = (await sandbox.state()).bots.find(({ name }) => name === "main")?.id ?? 0;
    const order = { type: "private", members: [stranger], bots: [bot] };
    chat = ids.parse(await sandbox.request("/sandbox/chats", order)).id;
  });
  afterAll(() => home.remove());

  async function cli(...args: string[]): Promise<{ code: number | null; output: string }> {
    const program = home.start("supervisor/main", ["pair", ...args]);
    return { code: await program.end(), output: program.output };
  }

  async function newCode(): Promise<string> {
    const { output } = await cli();
    const code = /\/pair ([0-9A-Z]{5}-[0-9A-Z]{5})/.exec(output)?.[1] ?? "";
    expect(code).not.toBe("");
    codes.push(code);
    return code;
  }

  async function say(text: string): Promise<number> {
    const said = await sandbox.request(`/sandbox/chats/${chat}/messages`, { from: stranger, text });
    return z.looseObject({ message_id: z.int() }).parse(said).message_id;
  }

  it("refuses a stranger, and lets him in by a code without a restart", async () => {
    const answer = await sandbox.answer(chat, await say("/status"), /./);
    expect(answer.text).toContain(`your user id ${stranger}`);
    const code = await newCode();
    await sandbox.answer(chat, await say("/pair AAAAA-AAAAA"), /wrong or has expired/);
    await sandbox.answer(chat, await say(`/pair ${code}`), /You are in/);
    await sandbox.answer(chat, await say("/status"), /^Bot main/);
    expect((await cli("--list")).output).toContain(`${stranger}`);
  });

  it("remembers it across a SIGKILL of the bot", async () => {
    const before = home.status()?.bots[0]?.pid ?? 0;
    process.kill(before, "SIGKILL");
    await eventually(
      () => {
        const bot = home.status()?.bots[0];
        return bot?.state === "ready" && bot.pid !== before ? true : undefined;
      },
      () => `main again; ${supervisor.output}`,
      20_000,
    );
    expect(await sandbox.answer(chat, await say("/status"), /^Bot main/)).toBeDefined();
  });

  it("puts him out at once", async () => {
    const { message_id } = await sandbox.answer(chat, 0, /^Bot main/);
    expect(await cli("--revoke", String(stranger))).toMatchObject({ code: 0 });
    expect(await cli("--revoke", String(stranger))).toMatchObject({ code: 1 });
    await sandbox.request(`/sandbox/chats/${chat}/messages`, { from: stranger, text: "/status" });
    await eventually(
      // Once by the process before the SIGKILL, once by this one.
      () => supervisor.output.match(/was refused userId/g)?.[1],
      () => supervisor.output,
    );
    const answers = (await sandbox.messages(chat)).filter(({ from }) => from?.is_bot === true);
    expect(answers.at(-1)?.message_id).toBeGreaterThanOrEqual(message_id);
    expect(answers.filter(({ text }) => text?.startsWith("Bot main"))).toHaveLength(2);
  });

  it("takes no code twice", async () => {
    const again = await say(`/pair ${codes[0] ?? ""}`);
    expect(await sandbox.answer(chat, again, /wrong or has expired/)).toBeDefined();
  });

  it.each([
    [["--bot", "nobody"], /no bot "nobody".*main/],
    [["--revoke", "me"], /numeric user id/],
    [["--list", "--revoke", "5"], /not both/],
    [["now"], /Usage: tg-supervisor pair/],
  ])("explains what is wrong with %j", async (args, expected) => {
    const { code, output } = await cli(...args);
    expect([code, output]).toEqual([64, expect.stringMatching(expected)]);
  });

  it("left no code in any log", () => {
    const logs = join(home.stateDir, "logs");
    const files = readdirSync(logs).map((name) => readFileSync(join(logs, name), "utf8"));
    expect(existsSync(join(home.stateDir, "access", "main.json"))).toBe(true);
    for (const code of codes) expect([...files, supervisor.output].join("\n")).not.toContain(code);
  });
});
