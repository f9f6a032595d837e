import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveTokens } from "../../shared/config/bot-tokens.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import {
  type FleetConfig,
  loadFleetConfig,
  tokenVariableOf,
} from "../../shared/config/fleet-config.ts";
import { ConfigurationError } from "../../shared/errors.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fleet-config-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const mainToken = `1111111111:${"A".repeat(35)}`;
const ownToken = `2222222222:${"B".repeat(35)}`;

function load(env: NodeJS.ProcessEnv = {}, fleetYaml?: string): FleetConfig {
  if (fleetYaml !== undefined) writeFileSync(join(dir, "fleet.yaml"), fleetYaml);
  return loadFleetConfig(readEnvironment(env, dir), dir);
}

describe("the configuration without a fleet.yaml", () => {
  it("has every bot folder, main first", () => {
    expect(load().bots.map((bot) => bot.name)).toEqual([
      "main",
      "buy_tracker",
      "public_trading_bot",
      "treasury",
    ]);
  });

  it("keeps its state in var/ of the working directory, or where TG_STATE_DIR says", () => {
    expect(load().stateDir).toBe(join(dir, "var"));
    expect(load({ TG_STATE_DIR: "elsewhere" }).stateDir).toBe(join(dir, "elsewhere"));
  });

  it.each([
    ["main", "TELEGRAM_BOT_TOKEN"],
    ["buy_tracker", "BUY_TRACKER_BOT_TOKEN"],
    ["treasury", "TREASURY_BOT_TOKEN"],
    ["public_trading_bot", "PUBLIC_TRADING_BOT_TOKEN"],
  ])("looks for the token of %s in %s", (name, variable) => {
    expect(tokenVariableOf(name)).toBe(variable);
  });
});

describe("tokens", () => {
  it("come from the sandbox when none is set", () => {
    expect(resolveTokens(load()).kind).toBe("sandbox");
  });

  it("fall back to main's", () => {
    const source = resolveTokens(
      load({ TELEGRAM_BOT_TOKEN: mainToken, TREASURY_BOT_TOKEN: ownToken }),
    );
    if (source.kind !== "environment") throw new Error("expected tokens of the environment");
    expect([...source.tokens].map(([name, { botId }]) => [name, botId])).toEqual([
      ["main", 1_111_111_111],
      ["buy_tracker", 1_111_111_111],
      ["public_trading_bot", 1_111_111_111],
      ["treasury", 2_222_222_222],
    ]);
  });

  it("are read from .env, but what is exported wins", () => {
    writeFileSync(join(dir, ".env"), `TELEGRAM_BOT_TOKEN=${ownToken}\n`);
    const fromFile = resolveTokens(load());
    const exported = resolveTokens(load({ TELEGRAM_BOT_TOKEN: mainToken }));
    expect(fromFile.kind === "environment" && fromFile.tokens.get("main")?.botId).toBe(
      2_222_222_222,
    );
    expect(exported.kind === "environment" && exported.tokens.get("main")?.botId).toBe(
      1_111_111_111,
    );
  });

  it.each([
    [
      "an auxiliary token without main's",
      { TREASURY_BOT_TOKEN: ownToken },
      "TREASURY_BOT_TOKEN is set but TELEGRAM_BOT_TOKEN is not",
    ],
    [
      "another main variable than the one that is set",
      { TELEGRAM_BOT_TOKEN: mainToken },
      "VAULT_TOKEN",
      "bots:\n  main:\n    token_env: VAULT_TOKEN\n",
    ],
    ["no token in production", { NODE_ENV: "production" }, "NODE_ENV is production"],
  ])("are refused: %s", (_, env, message, yaml?: string) => {
    expect(() => resolveTokens(load(env, yaml))).toThrow(ConfigurationError);
    expect(() => resolveTokens(load(env, yaml))).toThrow(message);
  });

  it("are never echoed when they have not the form Telegram gives", () => {
    const config = load({ TELEGRAM_BOT_TOKEN: "my-secret-word" });
    const attempt = (): unknown => resolveTokens(config);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).not.toThrow("my-secret-word");
  });
});

describe("fleet.yaml", () => {
  it("may be the example as it is", () => {
    const example = readFileSync(new URL("../../fleet.example.yaml", import.meta.url), "utf8");
    expect(load({}, example).bots.map((bot) => bot.name)).toEqual(
      load().bots.map((bot) => bot.name),
    );
  });

  it("lists the bots, each with its own settings", () => {
    const config = load(
      {},
      "bots:\n  treasury:\n    webhook: keep\n    token_env: VAULT_TOKEN\n  main:\n",
    );
    expect(
      config.bots.map(({ name, webhook, tokenVariable }) => [name, webhook, tokenVariable]),
    ).toEqual([
      ["main", "delete", "TELEGRAM_BOT_TOKEN"],
      ["treasury", "keep", "VAULT_TOKEN"],
    ]);
  });

  it("lists users of file and environment together, each once, and groups", () => {
    const yaml = "allowed_users: [1, 2]\nallowed_chats: [-100]\n";
    expect(load({ TG_ALLOWED_USERS: "2,3" }, yaml)).toMatchObject({
      allowedUsers: [2, 3, 1],
      allowedChats: [-100],
    });
  });

  it("says how answers look, for all and for each", () => {
    const config = load(
      {},
      "answers:\n  max_parts: 3\n  numbering: true\nbots:\n  main:\n  treasury:\n    answers:\n      max_parts: 5\n      max_rich_length: 0\n",
    );
    expect(config.bots.map(({ answers }) => answers)).toEqual([
      { maxRichLength: 8_000, numbering: true, maxParts: 3 },
      { maxRichLength: 0, numbering: true, maxParts: 5 },
    ]);
  });

  it("may have sections with nothing in them", () => {
    const config = load({}, "bots:\nrestart:\nsandbox:\nallowed_users:\n");
    expect(config).toMatchObject({ restart: {}, sandboxPort: 8790, allowedUsers: [] });
    expect(config.bots).toHaveLength(4);
  });

  it.each([
    ["an unknown key", "bots:\n  main:\n    webhok: keep\n", /fleet\.yaml:3.*webhok/],
    [
      "a wrong value",
      "bots:\n  main:\n    webhook: remove\n",
      /fleet\.yaml:3.*bots\.main\.webhook/,
    ],
    [
      "an answer longer than Telegram takes",
      "answers:\n  max_rich_length: 40000\n",
      /max_rich_length/,
    ],
    ["no parts at all", "bots:\n  main:\n    answers:\n      max_parts: 0\n", /:4.*max_parts/],
    ["a bot without a folder", "bots:\n  main:\n  nobody:\n", /bots\.nobody.*no folder/],
    ["a fleet without main", "bots:\n  treasury:\n", /bots\.main is missing/],
    [
      "a person among the groups",
      "allowed_chats: [-100, 5]\n",
      /fleet\.yaml:1.*allowed_chats\[1\].*people go to allowed_users/,
    ],
    [
      "a token in place of a variable's name",
      `bots:\n  main:\n    token_env: "${mainToken}"\n`,
      /name of an environment variable/,
    ],
  ])("is refused with its place: %s", (_, yaml, message) => {
    expect(() => load({}, yaml)).toThrow(message);
    expect(() => load({}, yaml)).toThrow(ConfigurationError);
  });
});

describe("the environment", () => {
  it.each([
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL is one of"],
    [{ SKIP_TELEGRAM_LOCK: "maybe" }, "SKIP_TELEGRAM_LOCK takes 1 or 0"],
    [{ TELEGRAM_API_ROOT: "telegram" }, "TELEGRAM_API_ROOT needs an http"],
    [{ TG_ALLOWED_USERS: "12,bob" }, "TG_ALLOWED_USERS"],
  ])("is refused by name: %j", (env, message) => {
    expect(() => readEnvironment(env, dir)).toThrow(message);
  });

  it("takes an empty variable as not set", () => {
    const environment = readEnvironment(
      { TELEGRAM_API_ROOT: "", LOG_LEVEL: "", SKIP_TELEGRAM_LOCK: "" },
      dir,
    );
    expect(environment).toMatchObject({
      apiRoot: undefined,
      logLevel: "info",
      skipNamedLock: false,
    });
  });
});
