import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findAnvil, missingAnvil } from "./find-anvil.ts";

const linux = { platform: "linux", arch: "x64" } as const;
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "anvil-"));
  write(
    "anvil/package.json",
    '{ "optionalDependencies": { "@foundry-rs/anvil-linux-amd64": "1" } }',
  );
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function write(path: string, text: string, mode = 0o644): void {
  const file = join(dir, "node_modules", "@foundry-rs", path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text, { mode });
}

const find = (machine: Parameters<typeof findAnvil>[0] = linux) =>
  findAnvil(machine, createRequire(join(dir, "x.js")));

describe("a local chain that is not there", () => {
  it.each([
    ["is not installed", () => undefined, /is not installed/],
    [
      "was installed without its binary",
      () => write("anvil-linux-amd64/package.json", "{}"),
      /no binary/,
    ],
    [
      "does not start",
      () => {
        write("anvil-linux-amd64/package.json", "{}");
        write("anvil-linux-amd64/bin/anvil", "#!/bin/sh\nexit 3\n", 0o755);
      },
      /does not start here \(exit 3\)/,
    ],
  ])(
    "fails where it is required and %s, and is skipped with that reason elsewhere",
    (_, make, why) => {
      make();
      const found = find();
      if (!("missing" in found)) throw new Error("there is one");
      expect(() => missingAnvil(found, true)).toThrow(why);
      expect(missingAnvil(found, false)).toMatch(why);
    },
  );

  it("is skipped where npm has none for the machine, even if it is required", () => {
    const found = find({ platform: "freebsd", arch: "x64" });
    if (!("missing" in found)) throw new Error("there is one");
    expect(missingAnvil(found, true)).toMatch(/anvil-freebsd-amd64 does not exist/);
  });

  it("is used where it starts", () => {
    write("anvil-linux-amd64/package.json", "{}");
    write("anvil-linux-amd64/bin/anvil", "#!/bin/sh\nexit 0\n", 0o755);
    expect(find()).toEqual({ file: expect.stringMatching(/bin\/anvil$/) });
  });
});
