import { chmodSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKey } from "../../../shared/http/key-file.ts";
import { pageTokenPath } from "../../../supervisor/control/contract/places.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { firstVisit, type Ticket } from "../../support/ticket.ts";
import { Stage } from "./stage.ts";

const stage = new Stage();
let ticket: Ticket;

beforeAll(async () => {
  await stage.open();
  ticket = await firstVisit(stage.api.address);
});

afterAll(() => stage.close());

const json = { "content-type": "application/json" };
const order = JSON.stringify({ bot: "main" });

describe("the page's door", () => {
  it("takes the token once, gives both halves of a ticket, and the token leaves the address", async () => {
    const first = await stage.ask(`/?token=${stage.token}`);
    expect(first.status).toBe(303);
    expect(first.headers["location"]).toMatch(/^\/#half=[\w-]{43}$/);
    expect(first.headers["location"]).not.toContain(stage.token);
    expect(String(first.headers["set-cookie"])).toMatch(/HttpOnly; SameSite=Strict/);
    expect(String(first.headers["set-cookie"])).not.toContain(stage.token);
    expect((await stage.ask("/api/fleet", { headers: { ...ticket } })).status).toBe(200);
  });

  it("wants both halves, of one ticket: a cookie is sent to every port of this machine", async () => {
    const other = await firstVisit(stage.api.address);
    const { cookie } = ticket;
    const tries: Record<string, string>[] = [
      { cookie },
      { cookie, "x-key-half": "" },
      { cookie, "x-key-half": other["x-key-half"] },
      { cookie, "x-key-half": cookie.split(".").at(-1) ?? "" },
      { "x-key-half": ticket["x-key-half"] },
    ];
    for (const headers of tries)
      for (const path of ["/api/fleet", "/api/live", "/sandbox/state", "/sandbox/files/abc"])
        expect((await stage.ask(path, { headers })).status, path).toBe(401);
    expect((await stage.ask("/", { headers: { cookie } })).status).toBe(404);
  });

  it("does not know a ticket of an earlier life: whoever had the port in between was sent it", async () => {
    const earlier = new Stage();
    await earlier.open();
    try {
      const old = await firstVisit(earlier.api.address);
      const status = async (path: string): Promise<number> =>
        (await earlier.ask(path, { headers: { ...old } })).status;
      expect(await status("/api/fleet")).toBe(200);
      const { token } = earlier;
      await earlier.api.close();
      await earlier.open();
      expect(earlier.token).toBe(token);
      expect([await status("/api/fleet"), await status("/")]).toEqual([401, 401]);
    } finally {
      await earlier.close();
    }
  });

  it("knows a script by the token in its header", async () => {
    const answer = await stage.ask("/api/restart", {
      method: "POST",
      headers: { ...json, authorization: `Bearer ${stage.token}` },
      body: order,
    });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { said: "done" }]);
  });

  it.each([
    ["nothing", {}, 401],
    ["a wrong token", { authorization: "Bearer wrong" }, 401],
    ["a made-up cookie", { cookie: "tg_supervisor_00000000=9999999999999.x.y" }, 401],
    ["another host", { host: "evil.example:80", auth: "yes" }, 403],
    ["our address at another port", { host: "127.0.0.1:1", auth: "yes" }, 403],
    ["another page", { origin: "http://evil.example", auth: "yes" }, 403],
    ["a page of another port of this machine", { origin: "http://127.0.0.1:1", auth: "yes" }, 403],
    ["no origin (a file, a sandboxed frame)", { origin: "null", auth: "yes" }, 403],
    ["what the browser calls foreign", { "sec-fetch-site": "same-site", auth: "yes" }, 403],
    ["a form", { "content-type": "text/plain", auth: "yes" }, 403],
  ])(
    "refuses an order with %s",
    async (_name, { auth, ...headers }: Record<string, string>, status) => {
      const known = auth === undefined ? {} : ticket;
      const before = stage.host.asked.length;
      const answer = await stage.ask("/api/stop", {
        method: "POST",
        headers: { host: `127.0.0.1:${stage.port}`, ...json, ...known, ...headers },
        body: order,
      });
      expect(answer.status).toBe(status);
      expect(stage.host.asked).toHaveLength(before);
      expect(answer.text).not.toContain(stage.token);
    },
  );

  it("shows a stranger how to enter, and nothing of the fleet", async () => {
    for (const path of ["/", "/?token=wrong", "/?token="]) {
      const answer = await stage.ask(path);
      expect(answer.status, path).toBe(401);
      expect(answer.text).toContain("npx tg-supervisor page");
    }
    for (const path of ["/api/fleet", "/api/live", "/index.html", "/../etc/passwd"])
      expect((await stage.ask(path)).status, path).toBe(401);
  });

  it("does not know a cookie whose time is over, or that was signed for longer", async () => {
    const [name = "", value = ""] = ticket.cookie.split("=");
    const [until = "", nonce = "", signature = ""] = value.split(".");
    const longer = `${name}=${Number(until) + 1}.${nonce}.${signature}`;
    const headers = { ...ticket, cookie: longer };
    expect((await stage.ask("/api/fleet", { headers })).status).toBe(401);
    expect((await stage.ask("/", { headers })).status).toBe(401);
  });

  it("keeps its token for its owner, and makes a new one where others could read it", async () => {
    const path = pageTokenPath(stage.stateDir);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await openKey(path, recordingLog())).toBe(stage.token);
    chmodSync(path, 0o644);
    const log = recordingLog();
    expect(await openKey(path, log)).not.toBe(stage.token);
    expect(log.of("warn")).toHaveLength(1);
    expect([statSync(path).mode & 0o777, readFileSync(path, "utf8").length]).toEqual([0o600, 44]);
  });

  it("sends a snapshot first and then each change as a Server-Sent Event", async () => {
    const ended = new AbortController();
    const response = await fetch(`${stage.api.url}/api/live`, {
      headers: { authorization: `Bearer ${stage.token}`, accept: "text/event-stream" },
      signal: ended.signal,
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (word: string): Promise<void> => {
      while (!text.includes(word)) text += (await reader?.read())?.value ?? "";
    };
    await until('"snapshot"');
    stage.host.tell({ type: "removed", name: "treasury" });
    await until("treasury");
    const kinds = [...text.matchAll(/^data: \{"type":"(\w+)"/gm)].map(([, kind]) => kind);
    expect(kinds).toEqual(["snapshot", "removed"]);
    ended.abort();
    await expect.poll(() => stage.host.watching).toBe(0);
  });
});
