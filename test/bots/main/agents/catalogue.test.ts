import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAgentCatalogue } from "../../../../bots/main/agents/catalogue.ts";
import { acts } from "../../../../bots/main/agents/demo/program/acts.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { repositoryRoot } from "../../../support/program.ts";
import { recordingLog } from "../../../support/recording-log.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catalogue-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = (sandbox: boolean, options: Record<string, unknown> = {}) =>
  openAgentCatalogue({
    options,
    personasFolder: join(folder, "personas"),
    environment: { PATH: folder },
    sandbox,
    isRoot: false,
    clock: new ManualClock(),
    log: recordingLog(),
  });

function installClaude(): void {
  writeFileSync(join(folder, "claude"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(folder, "claude"), 0o755);
}

describe("the agents, when nothing is configured,", () => {
  it("are Claude alone outside of the sandbox, and what is missing is told", () => {
    const catalogue = open(false);
    expect(catalogue.list()).toMatchObject([{ name: "claude", driver: "claude" }]);
    expect(catalogue.list()[0]?.missing).toContain("Install Claude Code");
    expect(catalogue.defaultAgent).toBe("claude");
    expect(catalogue.driver("demo")).toBeUndefined();
  });

  it.each([false, true])(
    "are the demo alone in the sandbox (Claude installed: %s)",
    (installed) => {
      if (installed) installClaude();
      const catalogue = open(true);
      expect(catalogue.list()).toMatchObject([{ name: "demo", missing: undefined }]);
      expect(catalogue.defaultAgent).toBe("demo");
    },
  );
});

describe("configured agents", () => {
  const agents = { quick: { driver: "claude", model: "haiku" }, demo: null };

  it("are what is there, the first of them by default", () => {
    const catalogue = open(true, { agents });
    expect(catalogue.list()).toMatchObject([
      { name: "quick", driver: "claude", model: "haiku", ignoredLines: {} },
      { name: "demo", driver: "demo", model: undefined },
    ]);
    expect(catalogue.defaultAgent).toBe("quick");
    expect(open(true, { agents, default_agent: "demo" }).defaultAgent).toBe("demo");
  });

  it("do not have a default that is not among them", () => {
    expect(() => open(true, { agents, default_agent: "claude" })).toThrow(
      /fleet\.yaml: bots\.main\.options\.default_agent: there is no agent "claude", only quick, demo/,
    );
  });
});

it("personas are there by name", () => {
  const catalogue = open(false);
  expect(catalogue.personas()).toEqual(["default"]);
  expect(catalogue.persona("default")?.name).toBe("default");
  expect(catalogue.persona("pirate")).toBeUndefined();
});

it("docs/agents.md explains every word of the demo agent as it explains itself", () => {
  const page = readFileSync(join(repositoryRoot, "docs/agents.md"), "utf8");
  for (const [word, { does, amount }] of Object.entries(acts)) {
    const said = amount === undefined ? word : `${word} ${amount}`;
    expect(page).toContain(`| \`${said}\` | ${does} |`);
  }
});
