import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Api, NetworkError, ParseError, TelegramApiError } from "../../shared/telegram/bot-api.ts";
import { type FaultOrder, faultSchema } from "../../supervisor/sandbox/faults/fault.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
  expect(stage.clock.pendingTimers).toBe(0);
});

const order = (fault: FaultOrder): number =>
  stage.sandbox.user.faults.add(faultSchema.parse(fault));

/** What arrives, byte for byte, or how the connection ended. */
function raw(method: string): Promise<{ status: number; body: string; ended: string }> {
  return new Promise((resolve) => {
    const request = httpRequest(
      `${stage.sandbox.url}/bot${stage.bot.token}/${method}`,
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        const end = (ended: string) => (): void =>
          resolve({ status: response.statusCode ?? 0, body, ended });
        response.on("end", end("whole"));
        response.on("error", end("cut"));
      },
    );
    request.on("error", (error: Error & { code?: string }) =>
      resolve({ status: 0, body: "", ended: error.code ?? "" }),
    );
    request.end();
  });
}

const me = /^\{"ok":true,"result":\{"id":\d+/;
const page = /^<html>/;

describe("what the caller sees", () => {
  it.each<[string, FaultOrder, number, RegExp, string]>([
    ["status", { kind: "status" }, 500, /^\{"ok":false,"error_code":500/, "whole"],
    [
      "status 401",
      { kind: "status", status: 401, description: "Unauthorized" },
      401,
      /"description":"Unauthorized"/,
      "whole",
    ],
    [
      "retry_after",
      { kind: "retry_after", retry_after: 7 },
      429,
      /"parameters":\{"retry_after":7\}/,
      "whole",
    ],
    ["html", { kind: "html" }, 502, page, "whole"],
    ["html 504", { kind: "html", status: 504 }, 504, page, "whole"],
    ["html200", { kind: "html200" }, 200, page, "whole"],
    ["null", { kind: "null" }, 200, /^null$/, "whole"],
    ["truncated", { kind: "truncated" }, 200, me, "cut"],
    ["reset_before", { kind: "reset_before" }, 0, /^$/, "ECONNRESET"],
    ["reset_after", { kind: "reset_after" }, 0, /^$/, "ECONNRESET"],
  ])("%s", async (_, fault, status, body, ended) => {
    order(fault);
    const seen = await raw("getMe");
    expect([seen.status, seen.ended]).toEqual([status, ended]);
    expect(seen.body).toMatch(body);
    expect(await raw("getMe")).toMatchObject({ status: 200, ended: "whole" });
    expect(stage.sandbox.user.calls({}).map((call) => call.fault)).toEqual([fault.kind, undefined]);
  });

  it("429 carries the Retry-After header", async () => {
    order({ kind: "retry_after", retry_after: 3 });
    const told = await stage.call("getMe");
    expect([told.headers.get("retry-after"), told.parameters]).toEqual(["3", { retry_after: 3 }]);
  });

  it("a hang lasts until the caller leaves", async () => {
    order({ kind: "hang" });
    const leaving = new AbortController();
    const call = stage.call("getMe", {}, leaving.signal).catch(() => "left");
    await stage.until(() => stage.sandbox.user.faults.list().length === 0);
    leaving.abort();
    expect(await call).toBe("left");
    await stage.until(() => stage.sandbox.user.calls({}).length === 1);
    expect(stage.sandbox.user.calls({})[0]).toMatchObject({ status: 0, callerGone: true });
  });

  it("a delay passes, then comes the true answer", async () => {
    order({ kind: "delay", delay_ms: 5000 });
    const call = stage.call("getMe");
    await stage.until(() => stage.clock.nextTimerInMs === 5000);
    await stage.clock.advance(5000);
    expect((await call).status).toBe(200);
    expect(stage.sandbox.user.calls({})[0]?.durationMs).toBe(5000);
  });
});

describe("whether the call is worked on", () => {
  it.each<[FaultOrder["kind"], number]>([
    ["status", 0],
    ["html", 0],
    ["null", 0],
    ["reset_before", 0],
    ["reset_after", 1],
    ["truncated", 1],
  ])("%s: %i message sent", async (kind, sent) => {
    order({ kind });
    await stage.call("sendMessage", { chat_id: stage.me, text: "a" }).catch(() => "failed");
    expect(stage.sandbox.user.messages(stage.dialog)).toHaveLength(sent);
  });
});

describe("which calls are hit", () => {
  it("those of the bot and the method, so many times", async () => {
    const other = stage.sandbox.user.ensureBot("other");
    order({ kind: "status", bot: stage.bot.id, method: "GETCHAT", times: 2 });
    order({ kind: "status", bot: other.id });
    const statuses: number[] = [];
    for (const method of ["getMe", "getChat", "getMe", "getChat", "getChat"])
      statuses.push((await stage.call(method, { chat_id: stage.me })).status);
    expect(statuses).toEqual([200, 500, 200, 500, 200]);
    expect(stage.sandbox.user.faults.list()).toMatchObject([{ bot: other.id, hits: 0 }]);
  });

  it("all of them, until cleared, with times 0", async () => {
    order({ kind: "status", times: 0 });
    for (let number = 0; number < 5; number += 1)
      expect((await stage.call("getMe")).status).toBe(500);
    stage.sandbox.user.faults.clear();
    expect((await stage.call("getMe")).status).toBe(200);
  });

  it("the oldest fault first", async () => {
    order({ kind: "status", status: 500 });
    order({ kind: "status", status: 503 });
    const statuses = [(await stage.call("getMe")).status, (await stage.call("getMe")).status];
    expect(statuses).toEqual([500, 503]);
  });
});

describe("the library's client meets", () => {
  it.each<[FaultOrder["kind"], new (...parameters: never[]) => Error]>([
    ["status", TelegramApiError],
    ["retry_after", TelegramApiError],
    ["html", NetworkError],
    ["html200", ParseError],
    ["truncated", NetworkError],
    ["reset_before", NetworkError],
    ["null", TypeError],
  ])("%s as its own error", async (kind, expected) => {
    order({ kind });
    const api = new Api(stage.bot.token, { apiRoot: stage.sandbox.url, maxRetries: 0 });
    await expect(api.getMe()).rejects.toBeInstanceOf(expected);
  });
});

describe("closing", () => {
  it("ends calls that hang or wait", async () => {
    order({ kind: "hang" });
    order({ kind: "delay", delay_ms: 60_000 });
    const calls = ["getMe", "getMe"].map((method) => stage.call(method).catch(() => "ended"));
    await stage.until(() => stage.clock.nextTimerInMs === 60_000);
    await stage.close();
    expect(await Promise.all(calls)).toEqual(["ended", "ended"]);
  });
});
