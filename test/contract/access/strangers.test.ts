import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const home = new FleetHome();
let sandbox: SandboxClient;
let pageUrl: string;

beforeAll(async () => {
  const supervisor = home.supervisor();
  const status = await home.allReady(supervisor);
  sandbox = await SandboxClient.of(supervisor);
  pageUrl = status.pageUrl ?? "";
});

afterAll(() => home.remove());

/** A process of another user of this machine. What it gets is one word for each try: a status, or why a file stays shut. */
const stranger = `
  process.setgroups([]); process.setgid(65534); process.setuid(65534);
  const { requests, files } = JSON.parse(process.argv[1]);
  const json = { "content-type": "application/json" };
  const told = {};
  for (const path of files)
    try { require("node:fs").readFileSync(path); told[path] = "read"; } catch (error) { told[path] = error.code; }
  (async () => {
    for (const [method, url] of requests) {
      const body = method === "POST" ? { method, headers: json, body: '{"name":"main"}' } : {};
      const answer = await fetch(url, body);
      told[method + " " + url] = answer.status;
      await answer.body?.cancel();
    }
    console.log(JSON.stringify(told));
  })();`;

const posts = ["bots", "users", "chats", "faults", "features", "rate-limits"];
const gets = ["state", "events", "calls", "faults", "files/abc", "chats/1/messages"];

function requestsTo(url: string): string[][] {
  return [
    ["GET", `${url}/`],
    ["GET", `${url}/page/app.js`],
    ...gets.map((path) => ["GET", `${url}/sandbox/${path}`]),
    ...posts.map((path) => ["POST", `${url}/sandbox/${path}`]),
  ];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function foldersOf(files: readonly string[]): Set<string> {
  return new Set(files.map((file) => join(file, "..")));
}

describe("another user of this machine", () => {
  it.skipIf(process.getuid?.() !== 0)("gets nothing (needs root)", () => {
    const files = ["sandbox", "supervisor"].flatMap((name) =>
      filesBelow(join(home.stateDir, name)),
    );
    // What keeps strangers out must be the door and the files, not the luck of a private folder above them.
    for (const folder of [home.dir, home.stateDir, ...foldersOf(files)]) chmodSync(folder, 0o755);
    const requests = [...requestsTo(sandbox.url), ...requestsTo(pageUrl)];
    const asked = JSON.stringify({
      requests: [...requests, ["GET", `${pageUrl}/api/fleet`]],
      files,
    });
    const said = execFileSync(process.execPath, ["-e", stranger, asked], {
      encoding: "utf8",
      cwd: "/",
    });
    const told = new Map(Object.entries(JSON.parse(said) as Record<string, number | string>));
    // ENOENT: a draft that has taken the place of its file meanwhile.
    const shut: readonly unknown[] = [401, "EACCES", "ENOENT"];
    expect([...told].filter(([, got]) => !shut.includes(got))).toEqual([]);
    expect(told.size).toBe(files.length + requests.length + 1);
  });
});

describe("the owner", () => {
  it("gets in with the key, which is in a file of his alone", async () => {
    expect((await sandbox.state()).bots.map(({ name }) => name)).toContain("main");
    const files = filesBelow(join(home.stateDir, "sandbox"));
    expect(files.map((file) => file.slice(file.lastIndexOf("/") + 1))).toContain("key");
    for (const file of files) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
  });

  it("is told no key in what is piped or logged", () => {
    expect(home.allOutput()).toContain(`${sandbox.url}/`);
    expect(home.allOutput()).not.toMatch(/token=/);
    const logs = filesBelow(join(home.stateDir, "logs")).map((file) => readFileSync(file, "utf8"));
    expect([home.allOutput(), ...logs].join("\n")).not.toContain(sandbox.key);
  });
});
