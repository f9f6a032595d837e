import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageSource } from "../../../supervisor/dashboard/page-source.ts";
import { firstVisit, type Ticket } from "../../support/ticket.ts";
import { Stage } from "../control/stage.ts";

/** What a sandbox behind the door gets to see. */
const seen: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
const sandbox: Server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (text: string) => {
    body += text;
  });
  request.on("end", () => {
    seen.push({ url: request.url ?? "", headers: request.headers, body });
    response.writeHead(request.url === "/sandbox/unknown" ? 404 : 200, { "x-from": "sandbox" });
    response.end("as the sandbox says");
  });
});
const stage = new Stage();
let ticket: Ticket;

beforeAll(async () => {
  await new Promise<void>((resolve) => sandbox.listen(0, "127.0.0.1", resolve));
  const { port } = sandbox.address() as AddressInfo;
  await stage.open(pageSource({ url: `http://127.0.0.1:${port}`, key: "the sandbox's" }));
  ticket = await firstVisit(stage.api.address);
});

afterAll(async () => {
  sandbox.close();
  sandbox.closeAllConnections();
  await stage.close();
});

const everyPart = [
  "/",
  "/chat",
  "/dashboard/page/app.js",
  "/page/app.js",
  "/sandbox/page/style/theme.css",
  "/sandbox/state",
  "/sandbox/events",
  "/api/fleet",
];

describe("every part of the page", () => {
  it.each(everyPart)("is shown to whoever has the ticket: %s", async (path) => {
    if (path === "/sandbox/events") return;
    expect((await stage.ask(path, { headers: { ...ticket } })).status).toBe(200);
  });

  it.each(everyPart)("is shown to the cookie alone only where it is a file: %s", async (path) => {
    const before = seen.length;
    const { cookie } = ticket;
    const holdsSecrets = /^\/(api|sandbox\/(?!page))/.test(path);
    const { status } = await stage.ask(path, { headers: { cookie } });
    expect(status).toBe(holdsSecrets ? 401 : 200);
    expect(seen).toHaveLength(before);
  });

  it.each([
    "/sandbox/page/../state",
    "/sandbox/page/%2e%2e/state",
    "/page/../sandbox/state",
    "/chat/../sandbox/state",
    "//sandbox/state",
    "/./api/fleet",
  ])("has no way around that: %s", async (path) => {
    const before = seen.length;
    const { cookie } = ticket;
    expect([401, 404]).toContain((await stage.ask(path, { headers: { cookie } })).status);
    expect(seen).toHaveLength(before);
  });

  it.each(everyPart)("is refused without it, and tells nothing: %s", async (path) => {
    const before = seen.length;
    const answer = await stage.ask(path);
    expect(answer.status).toBe(401);
    expect(answer.text).toMatch(/npx tg-supervisor page/);
    expect(answer.text.length).toBeLessThan(250);
    expect(seen).toHaveLength(before);
  });

  it.each([
    ["another host", { host: "evil.example" }],
    ["a rebound name", { host: "evil.example:8791" }],
    ["another page", { origin: "http://evil.example" }],
    ["a page of another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed frame", { origin: "null" }],
    ["what the browser calls another site", { "sec-fetch-site": "cross-site" }],
    ["another port of this machine, says the browser", { "sec-fetch-site": "same-site" }],
  ])("is refused to %s, cookie or not", async (_name, headers: Record<string, string>) => {
    const before = seen.length;
    for (const path of everyPart) {
      const own = { host: `127.0.0.1:${stage.port}`, ...ticket, ...headers };
      expect((await stage.ask(path, { headers: own })).status, path).toBe(403);
    }
    expect(seen).toHaveLength(before);
  });

  it("may be framed by its own pages alone, and loads nothing from elsewhere", async () => {
    for (const path of ["/", "/chat"]) {
      const { headers } = await stage.ask(path, { headers: { ...ticket } });
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'self'");
      expect(headers["cache-control"]).toBe("no-store");
    }
  });

  it.each([
    "/dashboard/page-source.ts",
    "/dashboard/page/../page-source.ts",
    "/dashboard/page/%2e%2e/page-source.js",
    "/dashboard/page/..%2fpage-source.js",
    "/page/../../../../package.json",
    "/dashboard/page/",
    "/dashboard/page/style",
    "/page-token",
  ])("is all there is: %s", async (path) => {
    expect((await stage.ask(path, { headers: { ...ticket } })).status).toBe(404);
  });
});

describe("what goes on to the sandbox", () => {
  it("has the question, the body and the key of the sandbox, and nothing of what opens our door", async () => {
    const body = JSON.stringify({ text: "hello" });
    const answer = await stage.ask("/sandbox/chats/1/messages?x=1", {
      method: "POST",
      headers: {
        host: `127.0.0.1:${stage.port}`,
        origin: `http://127.0.0.1:${stage.port}`,
        "content-type": "application/json",
        ...ticket,
        authorization: `Bearer ${stage.token}`,
      },
      body,
    });
    expect([answer.status, answer.text]).toEqual([200, "as the sandbox says"]);
    const last = seen.at(-1);
    expect([last?.url, last?.body]).toEqual(["/sandbox/chats/1/messages?x=1", body]);
    expect(last?.headers.cookie).toBeUndefined();
    expect(last?.headers["x-key-half"]).toBeUndefined();
    expect(last?.headers.authorization).toBe("Bearer the sandbox's");
    expect(last?.headers.origin).toBeUndefined();
  });

  it("needs content-type application/json: a form of another page could send anything else", async () => {
    const headers = { host: `127.0.0.1:${stage.port}`, ...ticket, "content-type": "text/plain" };
    const answer = await stage.ask("/sandbox/users", { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(403);
  });

  it("brings back what the sandbox answers", async () => {
    const answer = await stage.ask("/sandbox/unknown", { headers: { ...ticket } });
    expect([answer.status, answer.headers["x-from"]]).toEqual([404, "sandbox"]);
  });

  it("is said to have failed where no sandbox answers any more", async () => {
    sandbox.close();
    sandbox.closeAllConnections();
    const answer = await stage.ask("/sandbox/state", { headers: { ...ticket } });
    expect(answer.status).toBe(502);
    expect(answer.text).toContain("does not answer");
  });
});
