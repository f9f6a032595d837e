import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { Program, repositoryRoot } from "../../support/program.ts";

const home = new FleetHome({ fleetYaml: "bots:\n  main:\n  treasury:\n" });
afterAll(() => home.remove());

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = home.start("supervisor/main", args);
  return { code: await program.end(), output: program.output };
}
const asJson = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await run(...args, "--json")).output);

describe("commands without a supervisor", () => {
  it.each([
    [
      ["start", "nobody"],
      64,
      /^There is no bot "nobody" in this fleet\. It has: main, treasury\.$/m,
    ],
    [
      ["close", "nobody"],
      64,
      /^There is no bot "nobody" in this fleet\. It has: main, treasury\.$/m,
    ],
    [["close", "--foo", "x"], 64, /^Unknown option '--foo'\. Usage: tg-supervisor close <bot /],
    [["stop"], 64, /^A bot is to be named\. Usage: tg-supervisor stop <bot>/],
    [["stop", "treasury", "main"], 64, /^"main" is too much\. Usage: /],
    [
      ["reload", "--help"],
      0,
      /^tg-supervisor reload \[--dry-run\] \[--json\] +read fleet\.yaml again/,
    ],
    [
      ["pair", "--revoke", "5"],
      1,
      /^5 was not let into main by a code\. See who was: tg-supervisor/,
    ],
  ] as const)("say what is wrong with %j", async (args, code, words) => {
    const ended = await run(...args);
    expect(ended.output).toMatch(words);
    expect(ended.code).toBe(code);
  });

  it("say in another folder that the fleet is not there", async () => {
    const elsewhere = join(home.dir, "elsewhere");
    mkdirSync(elsewhere);
    const main = join(repositoryRoot, "dist/supervisor/main.js");
    const status = new Program([main, "status"], { cwd: elsewhere, env: { HOME: home.dir } });
    expect(await status.end()).toBe(1);
    expect(status.output).toMatch(
      /No supervisor runs on \S+elsewhere\/var\. There is no such folder: go to the folder of fleet\.yaml/,
    );
  });

  it("list who was let in as JSON", async () => {
    expect(await asJson("pair", "--list")).toEqual({ bot: "main", people: [], waitingCodes: 0 });
  });
});

describe("commands with a supervisor", () => {
  let pid = 0;
  beforeAll(async () => {
    const status = await home.allReady(home.supervisor());
    pid = status.bots.find(({ name }) => name === "treasury")?.pid ?? 0;
  });

  it("name the bots where one is not known, for dead letters, too", async () => {
    const { code, output } = await run("dead-letters", "drop", "nobody", "1");
    expect([code, output]).toEqual([
      64,
      'There is no bot "nobody" in this fleet. It has: main, treasury.\n',
    ]);
  });

  it("say that a bot runs already", async () => {
    expect((await run("start", "treasury")).output).toBe(
      `treasury: runs already (pid ${pid}, ready).\n`,
    );
  });

  it("close with an answer as JSON when the process is gone", async () => {
    expect(await asJson("close", "treasury")).toEqual({
      listener: "treasury",
      result: "closed",
      pid,
      said: `treasury: closed.\ntreasury: its process (pid ${pid}) is gone.`,
    });
  });
});
