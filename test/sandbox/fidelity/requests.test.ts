import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

const button = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };

function multipart(): { body: FormData } {
  const body = new FormData();
  body.set("chat_id", String(stage.me));
  body.set("text", "räksmörgås\r\n--");
  body.set("reply_markup", JSON.stringify(button));
  body.set("attachment", new Blob(["skipped"]), "a.txt");
  return { body };
}

const fields = (): Record<string, string> => ({
  chat_id: String(stage.me),
  text: "räksmörgås\r\n--",
  reply_markup: JSON.stringify(button),
});

describe("requests", () => {
  it.each<[string, () => { query?: string; init?: RequestInit }]>([
    ["GET with a query", () => ({ query: `?${new URLSearchParams(fields()).toString()}` })],
    ["urlencoded", () => ({ init: { method: "POST", body: new URLSearchParams(fields()) } })],
    ["multipart", () => ({ init: { method: "POST", ...multipart() } })],
    [
      "JSON with nested objects",
      () => ({
        init: {
          method: "POST",
          headers: { "content-type": "application/json; charset=utf-8" },
          body: JSON.stringify({ chat_id: stage.me, text: fields()["text"], reply_markup: button }),
        },
      }),
    ],
    [
      "a query and a body together",
      () => ({
        query: `?chat_id=${stage.me}`,
        init: {
          method: "POST",
          body: new URLSearchParams({ ...fields(), chat_id: String(stage.me) }),
        },
      }),
    ],
  ])("%s", async (_, request) => {
    const { query = "", init } = request();
    const response = await fetch(
      `${stage.sandbox.url}/bot${stage.bot.token}/SENDmessage${query}`,
      init,
    );
    const told = (await response.json()) as { result: object };
    expect(told.result).toMatchObject({ text: "räksmörgås\r\n--", reply_markup: button });
  });

  it("ignores unknown parameters, and names them in the record", async () => {
    const told = await stage.call("getMe", { colour: "blue" });
    expect(told.status).toBe(200);
    expect(stage.sandbox.user.calls({ method: "GETME" }).at(-1)).toMatchObject({
      method: "getMe",
      unknownParameters: ["colour"],
      parameters: { colour: "blue" },
      status: 200,
    });
  });

  it("refuses a body that is no JSON", async () => {
    const response = await fetch(`${stage.sandbox.url}/bot${stage.bot.token}/getMe`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(response.status).toBe(400);
  });

  it("keeps the connection for the next call", async () => {
    const response = await fetch(`${stage.sandbox.url}/bot${stage.bot.token}/getMe`);
    expect(response.headers.get("connection")).toBe("keep-alive");
    expect(response.headers.get("content-type")).toBe("application/json");
  });
});
