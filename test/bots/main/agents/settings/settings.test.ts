import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fillAgent } from "../../../../../bots/main/agents/settings/agent-settings.ts";
import { readPersonas } from "../../../../../bots/main/agents/settings/personas.ts";
import { readAgentOptions } from "../../../../../bots/main/agents/settings/read-agent-options.ts";
import { ConfigurationError } from "../../../../../shared/errors.ts";

const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

describe("the options of agents", () => {
  it("need nothing", () => {
    expect(readAgentOptions({ idle_timeout_minutes: 10 })).toEqual({
      agents: {},
      prewarm: { enabled: true, min_free_mb: 1_024 },
    });
  });

  it("are filled", () => {
    const { agents } = readAgentOptions({
      agents: {
        claude: null,
        cautious: {
          driver: "claude",
          command: "/opt/claude",
          model: "opus",
          permission_mode: "plan",
          environment: { ANTHROPIC_API_KEY: null, ABSENT: null, DEPTH: 3 },
        },
      },
    });
    expect(fillAgent("claude", agents["claude"] ?? null, {})).toEqual({
      name: "claude",
      driver: "claude",
      command: "claude",
      model: undefined,
      permissionMode: "ask",
      environment: {},
    });
    expect(
      fillAgent("cautious", agents["cautious"] ?? null, { ANTHROPIC_API_KEY: "k", OTHER: "o" }),
    ).toEqual({
      name: "cautious",
      driver: "claude",
      command: "/opt/claude",
      model: "opus",
      permissionMode: "plan",
      environment: { ANTHROPIC_API_KEY: "k", DEPTH: "3" },
    });
  });

  it.each([
    ["an unknown key", { x: { modell: "opus" } }, "agents.x.modell: unknown key"],
    ["an unknown driver", { x: { driver: "gpt" } }, "agents.x.driver: is one of claude, demo"],
    [
      "an unknown permission mode",
      { x: { permission_mode: "yolo" } },
      "agents.x.permission_mode: is one of ask, accept_edits, plan, skip",
    ],
    ["a relative path", { x: { command: "./claude" } }, "agents.x.command: needs a program's name"],
    ["a model that is a flag", { x: { model: "--help" } }, "agents.x.model: needs the name"],
    ["a bad name", { "My Agent": {} }, "agents.My Agent: needs lower-case letters"],
    [
      "a variable of ours",
      { x: { environment: { TG_BOT_TOKEN: "x" } } },
      "agents.x.environment.TG_BOT_TOKEN: belongs to the supervisor",
    ],
    [
      "a bot token",
      { x: { environment: { MINE: token } } },
      "agents.x.environment.MINE: looks like a bot token",
    ],
  ])("are refused for %s, naming file and key", (_, agents, words) => {
    expect(() => readAgentOptions({ agents })).toThrow(ConfigurationError);
    expect(() => readAgentOptions({ agents })).toThrow(`fleet.yaml: bots.main.options.${words}`);
  });

  it("never print a token", () => {
    const agents = { [token]: {} };
    expect(() => readAgentOptions({ agents })).toThrow("123456:<redacted>");
    expect(() => readAgentOptions({ agents })).not.toThrow("AAHdq");
  });
});

describe("personas", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "personas-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("have a default, also without a folder", () => {
    const personas = readPersonas(join(folder, "none"));
    expect([...personas.keys()]).toEqual(["default"]);
    expect(personas.get("default")?.systemPrompt).toContain("Telegram");
  });

  it("come from files, whose default wins", () => {
    writeFileSync(join(folder, "default.yaml"), "system_prompt: mine\n");
    writeFileSync(
      join(folder, "pirate.yaml"),
      "system_prompt: |\n  Talk like\n  a pirate.\nsettings:\n  model: opus\n",
    );
    writeFileSync(join(folder, "notes.txt"), "no persona");
    writeFileSync(join(folder, ".hidden.yaml"), "no persona");
    expect(Object.fromEntries(readPersonas(folder))).toEqual({
      default: { name: "default", systemPrompt: "mine", model: undefined },
      pirate: { name: "pirate", systemPrompt: "Talk like\na pirate.\n", model: "opus" },
    });
  });

  it.each([
    ["p.yaml", "", "p.yaml:1:1: system_prompt: needs the text"],
    ["p.yaml", "system_prompt: x\nmodel: y\n", "p.yaml:2:1: model: unknown key"],
    ["p.yaml", "system_prompt: x\nsettings: {model: '-x'}\n", "settings.model: needs the name"],
    ["My Persona.yaml", "system_prompt: x\n", "My Persona.yaml: the name of a persona needs"],
  ])("are refused naming file and key: %s with %j", (file, text, words) => {
    writeFileSync(join(folder, file), text);
    expect(() => readPersonas(folder)).toThrow(ConfigurationError);
    expect(() => readPersonas(folder)).toThrow(words);
  });

  it("that cannot be read stop the start", () => {
    mkdirSync(join(folder, "p.yaml"));
    expect(() => readPersonas(folder)).toThrow(/p\.yaml cannot be read \(EISDIR\)/);
  });
});
