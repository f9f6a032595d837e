import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../shared/errors.ts";
import { startSandbox } from "../../../supervisor/sandbox/sandbox.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

/** fetch would correct the headers; this sends what it is told. */
function status(path: string, headers: Record<string, string>, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: stage.sandbox.port, path, method: body ? "POST" : "GET", headers },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

const json = { "content-type": "application/json" };
const bot = JSON.stringify({ name: "main" });

describe("the user's side", () => {
  it.each<[string, (port: number) => Record<string, string>, number]>([
    ["its own address", (port) => ({ host: `127.0.0.1:${port}` }), 200],
    ["localhost", (port) => ({ host: `localhost:${port}` }), 200],
    ["IPv6 loopback", (port) => ({ host: `[::1]:${port}` }), 200],
    ["another port", (port) => ({ host: `127.0.0.1:${port + 1}` }), 403],
    ["a name that was bound to loopback", (port) => ({ host: `evil.example:${port}` }), 403],
    [
      "its own page",
      (port) => ({ host: `localhost:${port}`, origin: `http://localhost:${port}` }),
      200,
    ],
    [
      "a foreign page",
      (port) => ({ host: `localhost:${port}`, origin: "https://evil.example" }),
      403,
    ],
    ["a page without an origin", (port) => ({ host: `localhost:${port}`, origin: "null" }), 403],
    [
      "another loopback page",
      (port) => ({ host: `localhost:${port}`, origin: "http://localhost:1" }),
      403,
    ],
  ])("asked from %s", async (_, headers, expected) => {
    const sent = headers(stage.sandbox.port);
    expect(await status("/sandbox/state", sent)).toBe(expected);
    expect(await status("/sandbox/bots", { ...sent, ...json }, bot)).toBe(expected);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "refuses a POST of %s, which foreign pages may send unasked",
    async (type) => {
      expect(await status("/sandbox/bots", { "content-type": type }, bot)).toBe(403);
    },
  );
});

describe("the page", () => {
  it.each(["/", "/page/app.js", "/page/style/chat.css"])(
    "%s is served, and nothing may frame or script it",
    async (path) => {
      const response = await fetch(stage.sandbox.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(response.headers.get("content-type")).toMatch(/^text\/(html|javascript|css)/);
    },
  );

  it.each([
    "/page/../sandbox.ts",
    "/page/%2e%2e/sandbox.ts",
    "/page/..%2fsandbox.js",
    "/page//etc/passwd.js",
    "/page/.hidden.js",
    "/page/style",
    "/page/nothing.js",
    "/page/",
  ])("%s leads nowhere", async (path) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(stage.sandbox.port, "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${stage.sandbox.port}\r\nconnection: close\r\n\r\n`,
      );
    });
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe("the address", () => {
  it.each(["0.0.0.0", "192.168.1.5", "example.org"])("%s is refused", async (host) => {
    await expect(startSandbox({ host, log: recordingLog() })).rejects.toBeInstanceOf(
      ConfigurationError,
    );
  });

  it("is a free one where the wanted port is taken", async () => {
    const second = await startSandbox({ port: stage.sandbox.port, log: recordingLog() });
    expect(second.port).not.toBe(stage.sandbox.port);
    await second.close();
    const third = await startSandbox({ port: second.port, log: recordingLog() });
    expect(third.port).toBe(second.port);
    await third.close();
  });
});
