import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../../shared/errors.ts";
import { locateCommand } from "../../../../supervisor/fleet/process/spawn-command.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "spawn-command-"));
  mkdirSync(join(dir, "bin"));
  writeFileSync(join(dir, "bin", "bot"), "#!/bin/sh\n");
  chmodSync(join(dir, "bin", "bot"), 0o755);
  writeFileSync(join(dir, "bin", "text"), "no program");
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const locate = (program: string, cwd = dir): string =>
  locateCommand({ program, args: [], cwd, environment: { PATH: join(dir, "bin") } }).program;

describe("the program of a command", () => {
  it("is found on the PATH that the command gets, or at its path", () => {
    expect(locate("bot")).toBe(join(dir, "bin", "bot"));
    expect(locate(join(dir, "bin", "bot"))).toBe(join(dir, "bin", "bot"));
  });

  it.each([
    ["a name that the PATH does not have", "nobody", /program "nobody" is not on the PATH/],
    ["a file that is not executable", "text", /program "text" is not on the PATH/],
    ["a path to nothing", "/nowhere/bot", /\/nowhere\/bot does not exist or is not executable/],
  ])("is refused in words that help: %s", (_, program, message) => {
    expect(() => locate(program)).toThrow(message);
    expect(() => locate(program)).toThrow(ConfigurationError);
  });

  it("needs the folder it is to run in", () => {
    expect(() => locate("bot", join(dir, "nowhere"))).toThrow(/nowhere does not exist.*"cwd"/);
    expect(() => locate("bot", join(dir, "bin", "text"))).toThrow(/text does not exist/);
  });
});
