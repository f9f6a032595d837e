import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";

const home = new FleetHome();
afterAll(() => home.remove());

async function install(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = home.start("supervisor/main", ["service", "install", "--to", "units", ...args]);
  return { code: await program.end(), output: program.output };
}

it("service install writes the unit, says what to type, and overwrites nobody's changes", async () => {
  const path = join(home.dir, "units/tg-supervisor.service");
  const first = await install("--user");
  expect(first.code).toBe(0);
  expect(first.output).toContain("systemctl --user enable --now tg-supervisor.service");
  const text = readFileSync(path, "utf8");
  expect(text).toContain("ExecReload=/bin/kill -HUP $MAINPID");
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect((await install("--user")).code).toBe(0);
  appendFileSync(path, "# mine\n");
  const refused = await install("--user");
  expect([refused.code, readFileSync(path, "utf8")]).toEqual([1, `${text}# mine\n`]);
  expect((await install("--user", "--force")).code).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(text);
});
