import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  claudeArguments,
  refuseFlags,
} from "../../../../../bots/main/agents/claude/claude-arguments.ts";
import { ClaudeDriver } from "../../../../../bots/main/agents/claude/claude-driver.ts";
import { StartGate } from "../../../../../bots/main/agents/process/start-gate.ts";
import {
  type AgentOptions,
  fillAgent,
} from "../../../../../bots/main/agents/settings/agent-settings.ts";
import { readAgentOptions } from "../../../../../bots/main/agents/settings/read-agent-options.ts";
import { IgnoredLines } from "../../../../../bots/main/agents/stream-json/ignored-lines.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { recordingLog } from "../../../../support/recording-log.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-driver-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Only ever looked for in a folder of the test, never on the machine's own PATH. */
function driver(
  entry: unknown = {},
  facts: { isRoot?: boolean; environment?: Record<string, string> } = {},
): ClaudeDriver {
  const options: AgentOptions = readAgentOptions({ agents: { claude: entry } });
  return new ClaudeDriver({
    settings: fillAgent("claude", options.agents["claude"] ?? null, {}),
    environment: { PATH: folder, ...facts.environment },
    isRoot: facts.isRoot ?? false,
    clock: new ManualClock(),
    log: recordingLog(),
    gate: new StartGate(1),
    ignored: new IgnoredLines(),
  });
}

function install(name = "claude"): string {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\nexit 1\n");
  chmodSync(path, 0o755);
  return path;
}

describe("what Claude lacks", () => {
  it("is told with how to install it", () => {
    expect(driver().missing()).toContain("npm install -g @anthropic-ai/claude-code");
  });

  it("is nothing once it is on the PATH, looked for anew each time", () => {
    const claude = driver();
    install();
    expect(claude.missing()).toBeUndefined();
  });

  it("is looked for on the PATH of its own environment", () => {
    install();
    expect(driver({ environment: { PATH: "/nowhere" } }).missing()).toContain("not on the PATH");
  });

  it("is told with the path that is wrong", () => {
    expect(driver({ command: "/no/such/claude" }).missing()).toMatch(/^\/no\/such\/claude does/);
    expect(driver({ command: install("other") }).missing()).toBeUndefined();
  });

  it.each([
    [{ permission_mode: "skip" }, true, "refuses as root"],
    [{ permission_mode: "skip", environment: { IS_SANDBOX: 1 } }, true, "nothing"],
    [{ permission_mode: "skip", environment: { IS_SANDBOX: "yes" } }, true, "refuses as root"],
    [{ permission_mode: "skip" }, false, "nothing"],
    [{ permission_mode: "ask" }, true, "nothing"],
  ])("with %j, root: %s, is %s", (entry, isRoot, words) => {
    install();
    const missing = driver(entry, { isRoot, environment: { IS_SANDBOX: "1" } }).missing();
    expect(missing ?? "nothing").toContain(words);
  });
});

describe("the arguments of Claude", () => {
  const common = claudeArguments({}, "ask");

  it("make it speak stream-json both ways and ask us", () => {
    expect(common.join(" ")).toBe(
      "-p --input-format stream-json --output-format stream-json --verbose --include-partial-messages --permission-prompt-tool stdio",
    );
  });

  it.each([
    ["accept_edits", {}, ["--permission-mode", "acceptEdits"]],
    ["plan", {}, ["--permission-mode", "plan"]],
    ["skip", {}, ["--dangerously-skip-permissions"]],
    ["ask", { model: "opus" }, ["--model", "opus"]],
    ["ask", { resume: { id: "abc" } }, ["--resume", "abc"]],
    ["ask", { resume: "latest" }, ["--continue"]],
  ] as const)("with %s and %j end in %j", (mode, start, more) => {
    expect(claudeArguments(start, mode)).toEqual([...common, ...more]);
  });

  it.each([
    [{ model: "--dangerously-skip-permissions" }, "no name of a model"],
    [{ resume: { id: "--x" } }, "no id of a conversation"],
  ])("are never made of %j", (start, words) => {
    expect(refuseFlags(start)).toContain(words);
  });
});
