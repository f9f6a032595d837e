import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { wrapWithDeathSignal } from "../../../shared/process/start/death-signal.ts";
import { findProgram } from "../../../shared/process/start/program.ts";

describe("wrapWithDeathSignal", () => {
  it("runs the same program with the same arguments and the same exit code", () => {
    const call = wrapWithDeathSignal(process.execPath, [
      "-e",
      "process.exit(process.argv.length)",
      "--",
      "-x",
    ]);
    expect(spawnSync(call.file, call.args).status).toBe(2);
  });

  // vitest's test files run in child processes, so this is a main thread.
  it.skipIf(findProgram("setpriv") === undefined)(
    "asks for SIGTERM at the parent's death (needs setpriv)",
    () => {
      const { file, args } = wrapWithDeathSignal("/bin/true", ["a"]);
      expect(file).toMatch(/\/setpriv$/);
      expect(args).toEqual(["--pdeathsig", "TERM", "--", "/bin/true", "a"]);
    },
  );
});

describe("findProgram", () => {
  it("finds what is executable on the path and nothing else", () => {
    expect(findProgram("sh")).toMatch(/\/sh$/);
    expect(findProgram("no-such-program-here")).toBeUndefined();
    expect(findProgram("passwd", "/etc")).toBeUndefined();
    expect(findProgram("sh", "")).toBeUndefined();
  });
});
