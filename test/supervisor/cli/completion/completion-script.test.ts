import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { completionScript } from "../../../../supervisor/cli/completion/completion-script.ts";

const bin = mkdtempSync(join(tmpdir(), "completion-"));
writeFileSync(join(bin, "npx"), "#!/bin/sh\necho main treasury\n");
chmodSync(join(bin, "npx"), 0o755);
afterAll(() => {
  rmSync(bin, { recursive: true });
});

const commands = {
  status: { summary: "show", takesBot: false },
  stop: { summary: "stop it", takesBot: true },
  start: { summary: "start it", takesBot: true },
};

/** What the shell would offer behind these words, the last of which is being typed. */
function offered(...words: string[]): string {
  const script = `${completionScript("bash", commands)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_tg_supervisor; echo "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", script], {
    encoding: "utf8",
    env: { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
  }).trim();
}

describe("completion", () => {
  it.each([
    [["tg-supervisor", "sta"], "status start"],
    [["npx", "tg-supervisor", "st"], "status stop start"],
    [["npx", "tg-supervisor", "stop", "tr"], "treasury"],
    [["tg-supervisor", "stop", ""], "main treasury"],
    [["tg-supervisor", "status", ""], ""],
    [["npx", "other", ""], ""],
  ])("of %j offers %j", (words, expected) => {
    expect(offered(...words)).toBe(expected);
  });

  it.skipIf(spawnSync("zsh", ["--version"]).error !== undefined)(
    "is a script that zsh reads",
    () => {
      const read = spawnSync("zsh", ["-n"], { input: completionScript("zsh", commands) });
      expect(String(read.stderr)).toBe("");
    },
  );
});
