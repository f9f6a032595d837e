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
const key = (): Record<string, string> => ({ authorization: `Bearer ${stage.sandbox.key}` });
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
    const sent = { ...key(), ...headers(stage.sandbox.port) };
    expect(await status("/sandbox/state", sent)).toBe(expected);
    expect(await status("/sandbox/bots", { ...sent, ...json }, bot)).toBe(expected);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "refuses a POST of %s, which foreign pages may send unasked",
    async (type) => {
      expect(await status("/sandbox/bots", { ...key(), "content-type": type }, bot)).toBe(403);
    },
  );
});

describe("the key", () => {
  it.each<[string, () => Record<string, string>]>([
    ["nothing", () => ({})],
    ["a wrong key", () => ({ authorization: "Bearer wrong" })],
    ["an empty key", () => ({ authorization: "Bearer " })],
    ["a part of the key", () => ({ authorization: `Bearer ${stage.sandbox.key.slice(0, -1)}` })],
    ["a bot's token", () => ({ authorization: `Bearer ${stage.bot.token}` })],
    ["a made-up cookie", () => ({ cookie: "tg_sandbox_00000000=9999999999999.x.y" })],
  ])("is asked for: %s opens nothing", async (_, headers) => {
    for (const path of ["/", "/page/app.js", "/sandbox/state", "/sandbox/events", "/sandbox/no"])
      expect([path, await status(path, headers())]).toEqual([path, 401]);
    expect(await status("/sandbox/bots", { ...headers(), ...json }, bot)).toBe(401);
  });

  it("is taken once in the address, gives a cookie, and leaves the address", async () => {
    const { url } = stage.sandbox;
    const visit = (token: string): Promise<Response> =>
      fetch(`${url}/?token=${token}`, { redirect: "manual" });
    expect((await visit("wrong")).status).toBe(401);
    const first = await visit(stage.sandbox.key);
    expect(first.status).toBe(303);
    const [, half = ""] = first.headers.get("location")?.split("/#half=") ?? [];
    expect(half).toMatch(/^[\w-]{43}$/);
    const set = first.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(set).not.toContain(stage.sandbox.key);
    const cookie = set.split(";")[0] ?? "";
    expect(await status("/", { cookie })).toBe(200);
    expect(await status("/page/app.js", { cookie })).toBe(200);
    const both = { cookie, "x-key-half": half };
    expect(await status("/sandbox/bots", { ...both, ...json }, bot)).toBe(200);
    for (const path of ["/sandbox/state", "/sandbox/events", "/sandbox/files/abc"])
      expect([path, await status(path, { cookie })]).toEqual([path, 401]);
    expect(await status("/sandbox/bots", { cookie, ...json }, bot)).toBe(401);
    expect(await status("/sandbox/state", { ...both, "x-key-half": `${half}x` })).toBe(401);
    await stage.clock.advance(8 * 24 * 3_600_000);
    expect(await status("/", both)).toBe(401);
    expect(await status("/sandbox/state", both)).toBe(401);
  });

  it("is another one for every sandbox that was given none", async () => {
    const other = await startSandbox({ log: recordingLog() });
    expect(other.key).not.toBe(stage.sandbox.key);
    expect(other.key).toMatch(/^[\w-]{43}$/);
    await other.close();
  });

  it("is none of the bots' concern: their token is theirs", async () => {
    expect((await stage.call("getMe")).status).toBe(200);
  });
});

describe("the page", () => {
  it.each(["/", "/page/app.js", "/page/style/chat.css"])(
    "%s is served, and nothing may frame or script it",
    async (path) => {
      const response = await fetch(stage.sandbox.url + path, { headers: key() });
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
        `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${stage.sandbox.port}\r\nauthorization: Bearer ${stage.sandbox.key}\r\nconnection: close\r\n\r\n`,
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
