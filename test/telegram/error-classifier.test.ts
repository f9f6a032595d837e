import { describe, expect, it } from "vitest";
import { Api, TimeoutError } from "../../shared/telegram/bot-api.ts";
import {
  type ClassifiedError,
  classifyError,
  conflictText,
} from "../../shared/telegram/error-classifier.ts";

const token = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc";

class OpenApi extends Api {
  call(method: string): Promise<unknown> {
    return this.request(method);
  }
}

/** What the real library throws when Telegram answers so, classified. */
async function classifiedAnswer(
  status: number,
  body: string,
  method: string,
): Promise<ClassifiedError> {
  return classifiedFetch(async () => new Response(body, { status }), method);
}

async function classifiedFetch(
  fetch: typeof globalThis.fetch,
  method: string,
): Promise<ClassifiedError> {
  try {
    await new OpenApi(token, { fetch, maxRetries: 0 }).call(method);
  } catch (error) {
    return classifyError(error, method);
  }
  throw new Error("the library threw nothing");
}

const failing = (cause: Error) => async (): Promise<Response> => {
  throw cause;
};

const refusal = (code: number, description: string, parameters?: object): string =>
  JSON.stringify({ ok: false, error_code: code, description, ...(parameters && { parameters }) });

const busy = "make sure that only one bot instance is running";
const notModified =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

describe("an error that Telegram words", () => {
  it.each([
    [
      409,
      `Conflict: terminated by other getUpdates request; ${busy}`,
      "getUpdates",
      "conflict_poller",
      "warn",
    ],
    [409, "Conflict: something new", "getUpdates", "conflict_poller", "warn"],
    [409, "Conflict: terminated by setWebhook request", "getUpdates", "conflict_webhook", "warn"],
    [
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      "getUpdates",
      "conflict_webhook",
      "warn",
    ],
    [409, "Conflict: terminated by other setWebhook", "setWebhook", "conflict_webhook", "warn"],
    [401, "Unauthorized: invalid token specified", "getMe", "auth", "error"],
    [401, "Unauthorized", "sendMessage", "auth", "error"],
    [421, "Misdirected Request", "getUpdates", "auth", "error"],
    [404, "Not Found", "getMe", "auth", "error"],
    [404, "Not Found", "getUpdates", "auth", "error"],
    [404, "Not Found: method not found", "sendMesage", "bad_request", "error"],
    [400, "Logged out", "getUpdates", "auth", "error"],
    [500, "Internal Server Error: restart", "getUpdates", "server", "warn"],
    [403, "Forbidden: bot was blocked by the user", "sendMessage", "blocked", "warn"],
    [403, "Forbidden: user is deactivated", "sendMessage", "blocked", "warn"],
    [403, "Forbidden: bot was kicked from the supergroup chat", "sendMessage", "blocked", "warn"],
    [403, "Forbidden: bot is not a member of the channel chat", "sendMessage", "blocked", "warn"],
    [400, `Bad Request: ${notModified}`, "editMessageText", "bad_request", "error"],
    [400, "Bad Request: message to edit not found", "editMessageText", "bad_request", "error"],
    [400, "Bad Request: message can't be edited", "editMessageText", "bad_request", "error"],
    [400, "Bad Request: message thread not found", "sendMessage", "bad_request", "error"],
    [
      400,
      "Bad Request: query is too old and response timeout expired or query ID is invalid",
      "answerCallbackQuery",
      "bad_request",
      "error",
    ],
    [400, "Bad Request: TEXTDRAFT_PEER_INVALID", "sendMessageDraft", "bad_request", "error"],
  ])("%i %s (%s) is %s", async (code, description, method, kind, level) => {
    const error = await classifiedAnswer(code, refusal(code, description), method);
    expect(error).toMatchObject({ kind, level, status: code });
  });

  it("says a conflict of pollers in the words that operators search for", async () => {
    const description = `Conflict: terminated by other getUpdates request; ${busy}`;
    const error = await classifiedAnswer(409, refusal(409, description), "getUpdates");
    expect(error.message).toBe(
      "Telegram polling conflict detected - another instance may be running",
    );
    expect(error.message).toBe(conflictText);
  });

  it.each([
    [refusal(429, "Too Many Requests: retry after 7", { retry_after: 7 }), 7_000],
    [refusal(429, "Too Many Requests: retry after 9"), 9_000],
    [refusal(429, "Too Many Requests"), 5_000],
  ])("a flood %s waits %i ms", async (body, waitMs) => {
    const error = await classifiedAnswer(429, body, "sendMessage");
    expect(error).toMatchObject({ kind: "flood", level: "warn", action: "wait", waitMs });
  });

  it("a migrated group tells its new id", async () => {
    const description = "Bad Request: group chat was upgraded to a supergroup chat";
    const body = refusal(400, description, { migrate_to_chat_id: -1001 });
    const error = await classifiedAnswer(400, body, "sendMessage");
    expect(error).toMatchObject({ kind: "migrated", migrateToChatId: -1001 });
  });
});

describe("an answer that Telegram never words", () => {
  it.each([
    ["502 HTML", 502, "<html>Bad Gateway</html>", "server"],
    ["504 text", 504, "gateway timeout", "server"],
    ["502 null", 502, "null", "server"],
    ["200 HTML", 200, "<html>hello</html>", "bad_response"],
    ["404 HTML of a proxy", 404, "<html>nothing here</html>", "bad_response"],
    ["200 truncated JSON", 200, '{"ok":true,"resu', "bad_response"],
    ["200 null", 200, "null", "bad_response"],
    ["200 number", 200, "17", "bad_response"],
    ["200 without ok", 200, "{}", "bad_response"],
    ["200 empty", 200, "", "bad_response"],
  ])("%s is %s", async (_name, status, body, kind) => {
    const error = await classifiedAnswer(status, body, "getUpdates");
    expect(error).toMatchObject({ kind, level: "warn", action: "retry" });
    expect(error.status).toBe(kind === "server" ? status : undefined);
  });

  it("a broken connection is a network error with the system's code", async () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), {
      code: "ECONNREFUSED",
    });
    const error = await classifiedFetch(failing(cause), "getUpdates");
    expect(error).toMatchObject({ kind: "network", level: "warn", systemCode: "ECONNREFUSED" });
  });

  it("a system error that did not come through the library is a network error too", () => {
    const error = classifyError(Object.assign(new Error("x"), { code: "ENOTFOUND" }), "getMe");
    expect(error).toMatchObject({ kind: "network", systemCode: "ENOTFOUND" });
  });

  it("silence is a timeout, whoever noticed it", async () => {
    const noticed = await classifiedFetch(failing(new DOMException("t", "TimeoutError")), "getMe");
    expect(noticed).toMatchObject({ kind: "timeout", level: "warn" });
    expect(classifyError(new DOMException("t", "TimeoutError"), "getMe").kind).toBe("timeout");
    expect(classifyError(new TimeoutError(), "getMe").kind).toBe("timeout");
  });

  it("what we gave up ourselves is no error worth a line", () => {
    const error = classifyError(new DOMException("a", "AbortError"), "getUpdates");
    expect(error).toMatchObject({ kind: "aborted", level: "debug", action: "none" });
  });

  it.each([
    ["an error", new Error("boom")],
    ["a TypeError of our own", new TypeError("Cannot read properties of null (reading 'chat')")],
    ["a string", "boom"],
    ["undefined", undefined],
    ["a file error", Object.assign(new Error("x"), { code: "ENOSPC" })],
  ])("%s is unknown", (_name, thrown) => {
    expect(classifyError(thrown, "getUpdates")).toMatchObject({ kind: "unknown", level: "error" });
  });

  it("never repeats a token", async () => {
    const cause = new Error(`request to https://api.telegram.org/bot${token}/getMe failed`);
    const errors = [
      await classifiedFetch(failing(cause), "getMe"),
      classifyError(cause, "getMe"),
      await classifiedAnswer(400, refusal(400, `Bad Request: ${token}`), "getMe"),
    ];
    for (const error of errors) {
      expect(error.message).toContain("123456789:<redacted>");
      expect(JSON.stringify(error)).not.toContain("AAEhBOweik6ad9r");
    }
  });
});
