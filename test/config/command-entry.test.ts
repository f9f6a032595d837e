import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveTokens } from "../../shared/config/bot-tokens.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import { type FleetConfig, loadFleetConfig } from "../../shared/config/fleet-config.ts";
import { ConfigurationError } from "../../shared/errors.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "command-entry-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** @param entry lines below `weather:` */
function load(entry: string, env: NodeJS.ProcessEnv = {}): FleetConfig {
  writeFileSync(
    join(dir, "fleet.yaml"),
    `bots:\n  main:\n  treasury:\n  weather:\n${entry.replaceAll(/^/gm, "    ")}\n`,
  );
  return loadFleetConfig(readEnvironment(env, dir), dir);
}

const commandOf = (config: FleetConfig) =>
  config.bots.find(({ name }) => name === "weather")?.command;

describe("a command in fleet.yaml", () => {
  it("needs nothing but its words", () => {
    expect(commandOf(load('command: ["python3", "-u", "my_bot.py"]'))).toEqual({
      program: "python3",
      args: ["-u", "my_bot.py"],
      cwd: dir,
      env: {},
      stopDeadlineMs: 5_000,
    });
  });

  it("finds paths from the folder of fleet.yaml", () => {
    expect(commandOf(load("command: [bin/bot]\ncwd: work"))).toMatchObject({
      program: join(dir, "bin/bot"),
      cwd: join(dir, "work"),
    });
    expect(commandOf(load("command: [/opt/bot]\ncwd: /srv"))).toMatchObject({
      program: "/opt/bot",
      cwd: "/srv",
    });
  });

  it("gets variables with a value, and those without one from the supervisor if they are set", () => {
    const entry = "command: [bot]\nenv:\n  LEVEL: 3\n  DRY: true\n  KEY:\n  MISSING:";
    expect(commandOf(load(entry, { KEY: "k", OTHER: "o" }))?.env).toEqual({
      LEVEL: "3",
      DRY: "true",
      KEY: "k",
    });
  });

  it("is a bot like any other for the rest of the fleet", () => {
    const config = load("command: [bot]\nstop_deadline_seconds: 0.5\nwebhook: keep");
    expect(config.bots.at(-1)).toMatchObject({
      name: "weather",
      role: "auxiliary",
      tokenVariable: "WEATHER_BOT_TOKEN",
      webhook: "keep",
      command: { stopDeadlineMs: 500 },
    });
    expect(resolveTokens(config).kind).toBe("sandbox");
  });

  it.each([
    ["no words", "command: []", /fleet\.yaml:5.*bots\.weather\.command/],
    ["a line in place of words", "command: python3 bot.py", /fleet\.yaml:5/],
    ["an empty program", 'command: [""]', /must not be empty/],
    ["settings of a folder bot", "command: [bot]\noptions: {a: 1}", /options.*through "env"/],
    ["a folder without a command", "cwd: work", /fleet\.yaml:5.*cwd.*with a "command"/],
    [
      "what the supervisor sets",
      "command: [bot]\nenv:\n  TELEGRAM_API_ROOT: x",
      /set by the superv/,
    ],
    ["a name that no variable has", "command: [bot]\nenv:\n  A-B: x", /name of an environment/],
    ["a misspelt key", "comand: [bot]", /did you mean "command"/],
    ["neither folder nor command", "webhook: keep", /no folder bots\/weather.*no "command"/],
  ])("is refused with its place: %s", (_, entry, message) => {
    expect(() => load(entry)).toThrow(message);
    expect(() => load(entry)).toThrow(ConfigurationError);
  });

  it.each([
    ["main", /main is the bot of bots\/main/],
    ["supervisor", /the supervisor's own name/],
  ])("cannot be %s", (name, message) => {
    writeFileSync(
      join(dir, "fleet.yaml"),
      `bots:\n  main:\n  ${name}: {command: [bot]}\n`.replace("  main:\n  main:", "  main:"),
    );
    expect(() => loadFleetConfig(readEnvironment({}, dir), dir)).toThrow(message);
  });
});

describe("the token of a command", () => {
  const main = `1111111111:${"A".repeat(35)}`;
  const other = `2222222222:${"B".repeat(35)}`;

  it("is its own", () => {
    const config = load("command: [bot]\ntoken_env: RAIN", {
      TELEGRAM_BOT_TOKEN: main,
      RAIN: other,
    });
    const source = resolveTokens(config);
    expect(source.kind === "environment" && source.tokens.get("weather")?.botId).toBe(
      2_222_222_222,
    );
  });

  it.each([
    ["none, because main's would not do", {}, /weather is a command.*Set WEATHER_BOT_TOKEN/],
    ["main's", { WEATHER_BOT_TOKEN: main }, /weather.*but main has the same.*TELEGRAM_BOT_TOKEN/],
    [
      "an auxiliary bot's",
      { WEATHER_BOT_TOKEN: other, TREASURY_BOT_TOKEN: other },
      /weather.*but treasury has the same.*WEATHER_BOT_TOKEN and TREASURY_BOT_TOKEN/,
    ],
    [
      "an older one of the same bot",
      { WEATHER_BOT_TOKEN: main.replace("A", "C") },
      /weather.*but main has the same/,
    ],
  ])("is refused where it is %s", (_, env, message) => {
    const config = load("command: [bot]", { TELEGRAM_BOT_TOKEN: main, ...env });
    expect(() => resolveTokens(config)).toThrow(message);
    expect(() => resolveTokens(config)).toThrow(ConfigurationError);
    expect(() => resolveTokens(config)).not.toThrow("AAAA");
  });
});
