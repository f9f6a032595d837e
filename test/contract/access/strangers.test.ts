import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageAddress, pageTokenPath } from "../../../supervisor/control/contract/places.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import type { Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { firstVisit } from "../../support/ticket.ts";

const home = new FleetHome();
let sandbox: SandboxClient;
let pageUrl: string;
let supervisor: Program;

beforeAll(async () => {
  supervisor = home.supervisor();
  const status = await home.allReady(supervisor);
  sandbox = await SandboxClient.of(supervisor);
  pageUrl = status.pageUrl ?? "";
});

afterAll(() => home.remove());

/** A process of another user of this machine. What it gets is one word for each try: a status, or why a file stays shut. */
const stranger = `
  process.setgroups([]); process.setgid(65534); process.setuid(65534);
  const { requests, files, cookie } = JSON.parse(process.argv[1]);
  const json = { "content-type": "application/json", cookie };
  const told = {};
  for (const path of files)
    try { require("node:fs").readFileSync(path); told[path] = "read"; } catch (error) { told[path] = error.code; }
  (async () => {
    for (const [method, url] of requests) {
      const body = method === "POST" ? { method, headers: json, body: '{"name":"main"}' } : { headers: { cookie } };
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

/** What each try of a stranger got who was sent these cookies of a browser. */
function triedBy(cookie: string, requests: string[][], files: string[]): Map<string, unknown> {
  const asked = JSON.stringify({ requests, files, cookie });
  const said = execFileSync(process.execPath, ["-e", stranger, asked], {
    encoding: "utf8",
    cwd: "/",
  });
  return new Map(Object.entries(JSON.parse(said) as Record<string, number | string>));
}

/** What `tg-supervisor page` prints; here nothing may print a key. */
function addressOfPage(): string {
  return pageAddress(pageUrl, readFileSync(pageTokenPath(home.stateDir), "utf8").trim());
}

describe("another user of this machine", () => {
  it.skipIf(process.getuid?.() !== 0)("gets nothing (needs root)", () => {
    const files = ["sandbox", "supervisor"].flatMap((name) =>
      filesBelow(join(home.stateDir, name)),
    );
    // What keeps strangers out must be the door and the files, not the luck of a private folder above them.
    for (const folder of [home.dir, home.stateDir, ...foldersOf(files)]) chmodSync(folder, 0o755);
    const requests = [...requestsTo(sandbox.url), ...requestsTo(pageUrl)];
    const told = triedBy("", [...requests, ["GET", `${pageUrl}/api/fleet`]], files);
    // ENOENT: a draft that has taken the place of its file meanwhile.
    const shut: readonly unknown[] = [401, "EACCES", "ENOENT"];
    expect([...told].filter(([, got]) => !shut.includes(got))).toEqual([]);
    expect(told.size).toBe(files.length + requests.length + 1);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "gets nothing with the cookies that browsers send to every port (needs root)",
    async () => {
      const own = await firstVisit(addressOfPage());
      const chat = await firstVisit(`${sandbox.url}/?token=${sandbox.key}`);
      const requests = [...requestsTo(sandbox.url), ...requestsTo(pageUrl)].filter(([, url]) =>
        url?.includes("/sandbox/"),
      );
      const all = [...requests, ["GET", `${pageUrl}/api/fleet`], ["GET", `${pageUrl}/api/live`]];
      const told = triedBy(`${own.cookie}; ${chat.cookie}`, all, []);
      expect([...told].filter(([, got]) => got !== 401)).toEqual([]);
      expect(told.size).toBe(all.length);
      const fleet = await fetch(`${pageUrl}/api/fleet`, { headers: { ...own } });
      expect(fleet.status).toBe(200);
    },
  );
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

describe("a program that takes the ports while the fleet is down", () => {
  it("has nothing of what the pages send it, once the fleet is back", async () => {
    const own = await firstVisit(addressOfPage());
    const chat = await firstVisit(`${sandbox.url}/?token=${sandbox.key}`);
    const { key } = sandbox;
    supervisor.kill("SIGTERM");
    await supervisor.end();
    supervisor = home.supervisor();
    pageUrl = (await home.allReady(supervisor)).pageUrl ?? "";
    sandbox = await SandboxClient.of(supervisor);
    expect(sandbox.key).toBe(key);
    for (const path of ["/api/fleet", "/sandbox/state", "/"])
      expect([path, (await fetch(pageUrl + path, { headers: { ...own } })).status]).toEqual([
        path,
        401,
      ]);
    const answer = await fetch(`${sandbox.url}/sandbox/state`, { headers: { ...chat } });
    expect(answer.status).toBe(401);
  });
});
