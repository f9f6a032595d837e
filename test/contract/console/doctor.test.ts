import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { processesWith } from "../../support/proc.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

interface Findings {
  readonly done: string[];
  readonly findings: { check: string; level: string; text: string; fix?: string }[];
}

const telegram = new FleetHome();
let sandbox: SandboxClient;
let home: FleetHome;
let tokens: Record<string, { id: number; token: string }>;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  tokens = { main: await sandbox.makeBot("main"), other: await sandbox.makeBot("other") };
  home = new FleetHome({
    env: {
      TELEGRAM_API_ROOT: sandbox.url,
      TELEGRAM_BOT_TOKEN: tokens["main"]?.token ?? "",
      // An agent of this machine is nobody's to start.
      PATH: "/usr/bin:/bin",
      TG_ALLOWED_USERS: String((await sandbox.state()).me),
    },
    fleetYaml: "",
  });
  mkdirSync(join(home.dir, "bin"));
  fakeAgent("fake", `env >> ${home.dir}/environment; echo "9.8.7 (Fake)"; echo more`);
  fakeAgent("silent", "sleep 1234567 & sleep 1234567");
  // On the PATH, but configured nowhere.
  fakeAgent("codex", `touch ${home.dir}/started`);
  writeFileSync(join(home.dir, "fleet.yaml"), fleetYaml());
});
afterAll(async () => {
  await home.remove();
  await telegram.remove();
});

const agent = (name: string): string => join(home.dir, "bin", name);

function fakeAgent(name: string, script: string): void {
  writeFileSync(agent(name), `#!/bin/sh\n${script}\n`);
  chmodSync(agent(name), 0o755);
}

/** Agents by their absolute paths; the default one is well. */
const fleetYaml = (more = ""): string => `bots:
  main:
    options:
      default_agent: fake
      prewarm: { enabled: false }
      agents:
        fake: { command: ${agent("fake")} }
${more}        gone: { command: ${agent("gone")} }
        demo:
  buy_tracker:
  treasury:
sandbox:
  port: 0
dashboard:
  port: 0
`;

async function doctor(
  env: Readonly<Record<string, string>> = {},
  ...args: string[]
): Promise<Findings & { code: number | null }> {
  const program = home.start("supervisor/main", ["doctor", "--json", ...args], env);
  const code = await program.end();
  expect(program.output).not.toMatch(/\d{6,}:[A-Za-z0-9_-]{20,}/);
  return { code, ...(JSON.parse(program.output) as Findings) };
}
const texts = ({ findings }: Findings, level?: string): string =>
  findings
    .filter((finding) => level === undefined || finding.level === level)
    .map(({ text }) => text)
    .join("\n");

describe("doctor, without a supervisor", () => {
  it("knows the token, says that nothing runs, and fails for nothing", async () => {
    const found = await doctor();
    expect(found.code).toBe(0);
    expect(texts(found, "fail")).toBe("");
    expect(texts(found)).toMatch(/main, buy_tracker, treasury: Telegram knows the token as @\w+/);
    expect(texts(found)).toContain("The clock of this machine agrees");
    expect(texts(found, "warn")).toMatch(/No supervisor runs on .* npm run supervisor/);
    expect(texts(found)).toContain("The polling lock telegram_polling is free.");
  });

  it("asks the configured agents alone for their version, with a clean environment and not for long", async () => {
    const silent = `        silent: { command: ${agent("silent")} }\n`;
    writeFileSync(join(home.dir, "fleet.yaml"), fleetYaml(silent));
    const found = await doctor({ SECRET_KEY: "x" });
    writeFileSync(join(home.dir, "fleet.yaml"), fleetYaml());
    expect(texts(found, "ok")).toContain(`Agent fake: ${agent("fake")}, 9.8.7 (Fake).`);
    expect(texts(found, "ok")).toContain("Agent demo comes with us and needs nothing.");
    expect(texts(found, "warn")).toMatch(
      /Agent silent: .*silent does not tell its version\. Try it by hand: /,
    );
    expect(texts(found, "warn")).toMatch(
      /Agent gone: \S+gone does not exist .*Correct the command/,
    );
    const environment = readFileSync(join(home.dir, "environment"), "utf8");
    expect(environment).toMatch(/^PATH=/m);
    expect(environment).not.toMatch(/SECRET_KEY|TG_|TOKEN/);
    expect(existsSync(join(home.dir, "started"))).toBe(false);
    expect(processesWith("sleep 1234567")).toEqual([]);
  });

  it("tells the options that a bot refuses", async () => {
    const before = readFileSync(join(home.dir, "fleet.yaml"), "utf8");
    const refused = "  treasury:\n    options: { report_at: noon }\n";
    writeFileSync(join(home.dir, "fleet.yaml"), before.replace("  treasury:\n", refused));
    const found = await doctor();
    writeFileSync(join(home.dir, "fleet.yaml"), before);
    expect(found.code).toBe(1);
    expect(texts(found, "fail")).toMatch(
      /^treasury cannot start with its settings:\nbots\.treasury\.options\.report_at: needs a time/,
    );
    expect(texts(found, "ok")).toContain("The options of main, buy_tracker can be used.");
  });

  it("names a token that Telegram refuses, one that is none, and one that two bots were given", async () => {
    const wrong = `${tokens["other"]?.id ?? 1}:${"x".repeat(35)}`;
    const refused = await doctor({ TREASURY_BOT_TOKEN: wrong });
    expect(refused.code).toBe(1);
    expect(texts(refused, "fail")).toMatch(/^treasury: .*Check it with @BotFather\.$/);
    const shapeless = await doctor({ TREASURY_BOT_TOKEN: "nonsense" });
    expect(texts(shapeless, "fail")).toContain("TREASURY_BOT_TOKEN is not a bot token");
    const own = tokens["other"]?.token ?? "";
    const twice = await doctor({ TREASURY_BOT_TOKEN: own, BUY_TRACKER_BOT_TOKEN: own });
    expect(texts(twice, "warn")).toMatch(/buy_tracker, treasury share .*is that meant\?/);
  });

  it("tells of a webhook", async () => {
    const { id, token } = tokens["main"] ?? { id: 0, token: "" };
    const call = (method: string, body: object) =>
      fetch(`${sandbox.url}/bot${token}/${method}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await call("setWebhook", { url: "https://hooks.example/secret" })).ok).toBe(true);
    const found = texts(await doctor(), "warn");
    expect(found).toMatch(/a webhook to hooks\.example takes the updates/);
    expect(found).not.toContain("secret");
    expect(id).toBeGreaterThan(0);
    await call("deleteWebhook", {});
  });

  it("tells a wrong fleet.yaml by line and key, and looks at the rest all the same", async () => {
    const lines = "bots:\n  main:\nrestart:\n  max_crashes: many\n";
    writeFileSync(join(home.dir, "fleet.yaml"), lines);
    const found = await doctor();
    expect(found.code).toBe(1);
    expect(texts(found, "fail")).toMatch(/fleet\.yaml:4:3: restart\.max_crashes: needs a number/);
    expect(texts(found)).toContain("MB are free");
    writeFileSync(join(home.dir, "fleet.yaml"), fleetYaml());
  });
});

describe("doctor, with a supervisor", () => {
  let supervisor: Program;

  beforeAll(async () => {
    supervisor = home.supervisor();
    await home.allReady(supervisor);
  });

  it("finds everything well and names the holder of the lock", async () => {
    const found = await doctor();
    expect([found.code, texts(found, "fail")]).toEqual([0, ""]);
    expect(texts(found)).toContain(`held by supervisor, pid ${supervisor.pid} `);
    expect(texts(found)).toContain("treasury is ready, reading");
  });

  it("says that a supervisor hangs, not that none runs", async () => {
    process.kill(supervisor.pid, "SIGSTOP");
    try {
      const found = await doctor();
      expect(found.code).toBe(1);
      expect(texts(found, "fail")).toMatch(/does not answer within 5 s: it hangs or is suspended/);
      expect(texts(found)).not.toContain("No supervisor runs");
    } finally {
      process.kill(supervisor.pid, "SIGCONT");
    }
  });

  it("finds what a dead supervisor left, and --fix ends and removes it", async () => {
    const before = home.status();
    // A bot that cannot end itself: it is stopped when its supervisor dies.
    const pid = before?.bots.find(({ name }) => name === "treasury")?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    supervisor.kill("SIGKILL");
    await supervisor.end();
    const others = (): number[] => processesWith(home.dir).filter((each) => each !== pid);
    await eventually(
      () => others().length === 0,
      () => `gone: ${others().join(", ")}`,
    );
    const found = await doctor();
    expect(texts(found, "warn")).toMatch(new RegExp(`Left over .*treasury \\(pid ${pid}\\)`));
    expect(texts(found, "warn")).toContain("telegram_polling is that of a dead process");
    const fixed = await doctor({}, "--fix");
    expect(fixed.done.join("\n")).toMatch(/Done: the stale lock .* is removed/);
    expect(fixed.done.join("\n")).toContain(`Done: treasury (pid ${pid}) ended`);
    expect(texts(fixed)).not.toMatch(/Left over|dead process/);
    expect([home.lockExists, processesWith(home.dir)]).toEqual([false, []]);
  });
});

describe("doctor, with a sandbox in place of Telegram", () => {
  it("ends while the process of the sandbox hangs, and says so", async () => {
    const fleet = new FleetHome();
    const program = fleet.start("supervisor/main", ["sandbox"]);
    try {
      await SandboxClient.of(program);
      process.kill(program.pid, "SIGSTOP");
      const asked = fleet.start("supervisor/main", ["doctor"]);
      expect(await asked.end()).toBe(1);
      expect(asked.output).toMatch(/FAIL {2}The sandbox of .* does not answer within 5 s/);
    } finally {
      process.kill(program.pid, "SIGCONT");
      await fleet.remove();
    }
  });
});
