import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InstalledProgram } from "../support/installed-program.ts";
import { processesWith } from "../support/proc.ts";
import { Program, repositoryRoot } from "../support/program.ts";

/** The launcher in a copy of the installed program, with or without the development packages. */
describe("the launcher", () => {
  let installed: InstalledProgram;
  let dir: string;

  beforeEach(() => {
    installed = new InstalledProgram();
    dir = installed.dir;
  });

  afterEach(() => {
    installed.remove();
  });

  const install = (omit: readonly string[]): void => {
    installed.install(omit);
  };

  /** `listen` without a bot: builds like every command that runs bots, then only explains its usage (64). */
  async function launch(): Promise<{ code: number | null; output: string }> {
    const program = new Program([join(dir, "scripts", "tg-supervisor.mjs"), "listen"], {
      cwd: dir,
      env: { HOME: dir },
    });
    return { code: await program.end(60_000), output: program.output };
  }

  async function help(): Promise<{ code: number | null; output: string }> {
    const program = new Program([join(dir, "scripts", "tg-supervisor.mjs"), "help"], {
      cwd: dir,
      env: { HOME: dir },
    });
    return { code: await program.end(60_000), output: program.output };
  }

  it("builds when dist is missing, not again when it is current, and again when a source changed", async () => {
    install([]);
    expect((await launch()).output).toContain("Building");
    expect((await launch()).output).not.toContain("Building");
    const file = join(dir, "shared", "exit-code.ts");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
    expect((await help()).output, "a command that only looks").not.toContain("Building");
    const rebuilt = await launch();
    expect(rebuilt.output).toContain("Building");
    expect(rebuilt).toMatchObject({
      code: 64,
      output: expect.stringContaining("Usage: tg-supervisor listen") as string,
    });
    expect(readdirSync(dir).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
  });

  it("runs a dist that is there without a compiler", async () => {
    cpSync(join(repositoryRoot, "dist"), join(dir, "dist"), { recursive: true });
    install(["typescript", "@typescript"]);
    const { code, output } = await help();
    expect(output).not.toContain("Building");
    expect(code).toBe(0);
  });

  it("says what to do when there is neither dist nor compiler", async () => {
    install(["typescript", "@typescript"]);
    const { code, output } = await help();
    expect(code).toBe(78);
    expect(output).toContain("npm ci");
  });

  it("ends a build with itself, and the next one removes what it left", async () => {
    install([]);
    const program = new Program([join(dir, "scripts", "tg-supervisor.mjs"), "up"], {
      cwd: dir,
      env: { HOME: dir },
    });
    await program.printed(/Building/);
    program.kill("SIGTERM");
    await program.end();
    expect(processesWith(dir)).toEqual([]);
    await launch();
    expect(readdirSync(dir).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
  });

  it("leaves the old dist alone when a build fails", async () => {
    cpSync(join(repositoryRoot, "dist"), join(dir, "dist"), { recursive: true });
    install([]);
    writeFileSync(join(dir, "shared", "exit-code.ts"), "export const broken: number = 'text';\n");
    expect((await launch()).code).toBe(1);
    expect(readdirSync(dir).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
    expect(readFileSync(join(dir, "dist", "shared", "exit-code.js"), "utf8")).toContain("lockHeld");
  });
});
