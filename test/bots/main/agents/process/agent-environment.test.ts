import { describe, expect, it } from "vitest";
import { agentEnvironment } from "../../../../../bots/main/agents/process/agent-environment.ts";
import {
  agentMarkEnvironment,
  hasMarkOf,
  isAgentOf,
} from "../../../../../bots/main/agents/process/agent-mark.ts";
import { identifySelf } from "../../../../../shared/process/identity.ts";
import {
  formatMark,
  isOwnedBy,
  type Mark,
  markVariable,
  parseMark,
} from "../../../../../shared/process/marker.ts";
import { isWithheld } from "../../../../../shared/process/start/inherited-environment.ts";

const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

describe("the environment of an agent", () => {
  it("has what a program needs, and nothing else of ours", () => {
    const parent = {
      PATH: "/bin",
      HOME: "/home/bot",
      LC_ALL: "C",
      https_proxy: "http://p",
      NODE_OPTIONS: "--x",
      TG_BOT_TOKEN: token,
      TG_BOT_SETTINGS: "{}",
      TELEGRAM_BOT_TOKEN: token,
      TREASURY_BOT_TOKEN: token,
      TG_SUPERVISOR_MARK: "a/b/1:2:",
      SECRET: "s",
      ANTHROPIC_API_KEY: "k",
    };
    expect(Object.keys(agentEnvironment(parent, {}, {}))).toEqual([
      "PATH",
      "HOME",
      "LC_ALL",
      "https_proxy",
    ]);
  });

  it("has what the operator adds, except what is ours or looks like a bot token", () => {
    const additions = { ANTHROPIC_API_KEY: "k", TREASURY_BOT_TOKEN: "x", MINE: token, PATH: "/x" };
    expect(agentEnvironment({ PATH: "/bin" }, additions, {})).toEqual({
      PATH: "/x",
      ANTHROPIC_API_KEY: "k",
    });
  });

  it("has the mark, whatever is added", () => {
    const own = { [markVariable]: "the mark" };
    expect(agentEnvironment({}, { [markVariable]: "another" }, own)).toEqual(own);
  });

  it.each(["TG_BOT_TOKEN", "TG_X", "TELEGRAM_API_ROOT", "MY_BOT_TOKEN", "SKIP_TELEGRAM_LOCK"])(
    "never has %s",
    (name) => {
      expect(isWithheld(name)).toBe(true);
    },
  );
});

describe("the mark of an agent", () => {
  const home = { fleet: "f", bot: "main" };
  const agent = { session: "s1", process: "p1" };
  const supervisor = { pid: 7, startTicks: 8, pidNamespace: "pid:[1]" };
  const markOf = (own: string | undefined): Mark | undefined =>
    parseMark(agentMarkEnvironment(home, agent, own)[markVariable] ?? "");

  it("names the bot's own owner, so that the supervisor's sweep finds it", () => {
    const mark = markOf(formatMark({ ...home, owner: supervisor }));
    expect(mark).toEqual({ ...home, owner: supervisor, agent });
  });

  it.each([
    ["runs alone", undefined],
    ["was started in another fleet", formatMark({ fleet: "g", bot: "main", owner: supervisor })],
    ["was started by an agent", formatMark({ ...home, owner: supervisor, agent })],
  ])("names the bot as owner where it %s", (_, own) => {
    const mark = markOf(own);
    expect(mark !== undefined && isOwnedBy(mark, identifySelf())).toBe(true);
  });

  it("is told from another process of the session, and belongs to its bot like that one", () => {
    const environment = agentMarkEnvironment(home, agent);
    const own = markOf(undefined);
    if (own === undefined) throw new Error("must be readable");
    const other = { ...own, agent: { ...agent, process: "p2" } };
    const { agent: _, ...botsOwn } = own;
    expect([own, other, botsOwn].map(hasMarkOf(environment))).toEqual([true, false, false]);
    expect([own, other, botsOwn].map(isAgentOf(home))).toEqual([true, true, false]);
    expect(isAgentOf({ fleet: "f", bot: "treasury" })(own)).toBe(false);
  });

  it("fits nobody where there is none", () => {
    expect(hasMarkOf({})({ fleet: "f", bot: "b", owner: supervisor })).toBe(false);
  });
});
