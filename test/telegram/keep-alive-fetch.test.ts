import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemErrorCode } from "../../shared/errors.ts";
import { Api, InputFile, TimeoutError } from "../../shared/telegram/bot-api.ts";
import {
  createKeepAliveFetch,
  type KeepAliveFetch,
} from "../../shared/telegram/keep-alive-fetch.ts";
import { type HostileServer, portOf, startHostileServer } from "./hostile-server.ts";

let server: HostileServer;
let client: KeepAliveFetch;
beforeEach(async () => {
  server = await startHostileServer();
  client = createKeepAliveFetch();
});
afterEach(async () => {
  client.close();
  await server.close();
});

const post = (path: string, init: RequestInit = {}): Promise<Response> =>
  client.fetch(`${server.url}${path}`, { method: "POST", ...init });

const streamed = (): ReadableStream => new Blob(["strea", "med"]).stream();

/** Waits for something the other side of a connection does; there is no event for it here. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe("bodies", () => {
  it.each<[string, () => NonNullable<RequestInit["body"]> | null, string, string | undefined]>([
    ["a string", () => "héllo", "héllo", "text/plain;charset=UTF-8"],
    [
      "form fields",
      () => new URLSearchParams({ a: "1 2" }),
      "a=1+2",
      "application/x-www-form-urlencoded;charset=UTF-8",
    ],
    ["bytes", () => new Uint8Array([104, 105]), "hi", undefined],
    ["a blob", () => new Blob(["blob"], { type: "image/png" }), "blob", "image/png"],
    ["a stream", streamed, "streamed", undefined],
    ["nothing", () => null, "", undefined],
  ])("%s arrives", async (_name, body, text, type) => {
    const init: RequestInit = { body: body(), duplex: "half" };
    await (await post("/", init)).text();
    expect(server.requests[0]?.body).toBe(text);
    expect(server.requests[0]?.headers["content-type"]).toBe(type);
  });

  it("of the library's uploads are streamed, its plain calls have a length", async () => {
    const api = new Api("1:x", { apiRoot: `${server.url}/`, fetch: client.fetch, maxRetries: 0 });
    const photo = new InputFile(new Blob(["x".repeat(300_000)]), { filename: "a.png" });
    await api.sendPhoto({ chat_id: 1, photo, caption: "look" });
    await api.sendMessage({ chat_id: 1, text: "ä" });
    const [upload, plain] = server.requests;
    expect(upload?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(upload?.headers["transfer-encoding"]).toBe("chunked");
    expect(upload?.body).toContain('filename="a.png"');
    expect(upload?.body.length).toBeGreaterThan(300_000);
    expect(plain?.headers["content-length"]).toBe("21");
    expect(server.connections).toBe(1);
  });

  it("come back whole, with status and headers", async () => {
    expect(await (await post("/")).json()).toEqual({ ok: true, result: { umlaut: "ä€𝄞" } });
    const bad = await post("/502");
    expect([bad.status, bad.headers.get("retry-after"), await bad.text()]).toEqual([
      502,
      "7",
      "<html>Bad Gateway</html>",
    ]);
    expect((await post("/empty")).status).toBe(204);
  });
});

it("an answer can be asked for in any form, more than once", async () => {
  const answer = await post("/");
  const text = await answer.text();
  expect(await answer.json()).toEqual(JSON.parse(text));
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(text);
  expect(await (await answer.clone().blob()).text()).toBe(text);
});

it("a call without a whole answer in time is given up; the library calls that a time-out", async () => {
  const impatient = createKeepAliveFetch({ answerWithinMs: 50 });
  for (const path of ["/hang", "/hang-in-body"]) {
    const call = impatient.fetch(`${server.url}${path}`);
    await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  }
  const hanging: typeof fetch = (_, init) => impatient.fetch(`${server.url}/hang`, init);
  const api = new Api("1:x", { fetch: hanging, maxRetries: 0, timeoutMs: 0 });
  await expect(api.getMe()).rejects.toBeInstanceOf(TimeoutError);
  await until(() => server.open.size === 0);
  impatient.close();
});

describe("broken answers are errors", () => {
  it.each(["/cut", "/cut-chunks", "/reset"])("%s", async (path) => {
    const error: unknown = await post(path, { body: "x" }).then(
      () => "no error",
      (thrown: unknown) => thrown,
    );
    expect(systemErrorCode(error)).toBe("ECONNRESET");
  });

  it("a source that breaks breaks the upload", async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error("file is gone"));
      },
    });
    const init: RequestInit = { body, duplex: "half" };
    await expect(post("/", init)).rejects.toThrow("file is gone");
  });

  it("but an answer that comes before the upload has ended counts", async () => {
    const init: RequestInit = { body: endless().stream, duplex: "half" };
    expect((await post("/too-large", init)).status).toBe(413);
  });

  it("nobody listens: the system's code is told", async () => {
    await server.close();
    const error: unknown = await post("/").catch((thrown: unknown) => thrown);
    expect(systemErrorCode(error)).toBe("ECONNREFUSED");
  });

  it("a handshake that never ends is given up", async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const impatient = createKeepAliveFetch({ quietSocketMs: 50 });
    const address = `https://127.0.0.1:${portOf(mute)}/`;
    const error: unknown = await impatient.fetch(address).catch((thrown: unknown) => thrown);
    expect(systemErrorCode(error)).toBe("ETIMEDOUT");
    impatient.close();
    mute.close();
  });
});

/** A body without end, which tells whether its reader has given it up. */
function endless(): { stream: ReadableStream; cancelled: () => boolean } {
  let cancelled = false;
  const stream = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream, cancelled: () => cancelled };
}

describe("the signal ends the call with its reason", () => {
  const reason = new Error("enough");

  it("before it began", async () => {
    await expect(post("/", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.connections).toBe(0);
  });

  it.each(["/hang", "/hang-in-body"])("while waiting in %s", async (path) => {
    const controller = new AbortController();
    const call = post(path, { body: "x", signal: controller.signal });
    call.catch(() => undefined);
    await until(() => server.requests.length === 1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await until(() => server.open.size === 0);
  });

  it("while uploading, and the source is closed", async () => {
    const controller = new AbortController();
    const body = endless();
    const init: RequestInit = { body: body.stream, duplex: "half", signal: controller.signal };
    const call = post("/hang-in-upload", init);
    call.catch(() => undefined);
    await until(() => server.open.size === 1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await until(() => server.open.size === 0 && body.cancelled());
  });

  it("while waiting for a connection", async () => {
    const narrow = createKeepAliveFetch({ maxSockets: 1 });
    const controller = new AbortController();
    const first = narrow.fetch(`${server.url}/hang`, { method: "POST" });
    first.catch(() => undefined);
    const second = narrow.fetch(`${server.url}/`, { method: "POST", signal: controller.signal });
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    narrow.close();
    await expect(first).rejects.toThrow("socket hang up");
  });

  it("and leaves no listener behind", async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await post("/", { signal });
    await post("/reset", { signal }).catch(() => undefined);
    expect(listeners).toBe(0);
  });
});

describe("connections", () => {
  it("are kept for the next call", async () => {
    for (let times = 0; times < 5; times += 1) await post("/", { body: "x" });
    expect(server.connections).toBe(1);
  });

  it("are new after a rotation; idle ones close at once, busy ones with their call", async () => {
    await post("/");
    const busy = new AbortController();
    const call = post("/hang", { signal: busy.signal });
    call.catch(() => undefined);
    await until(() => server.requests.length === 2);
    client.rotate();
    await post("/");
    expect(server.connections).toBe(2);
    expect(server.open.size).toBe(2);
    busy.abort(new Error("enough"));
    await until(() => server.open.size === 1);
    client.rotate();
    await until(() => server.open.size === 0);
  });

  it("that were busy during a rotation are not used again", async () => {
    const first = post("/");
    client.rotate();
    await first;
    await until(() => server.open.size === 0);
    await post("/");
    expect(server.connections).toBe(2);
  });

  it("are closed by close(), and nothing works after it", async () => {
    const call = post("/hang");
    call.catch(() => undefined);
    await until(() => server.requests.length === 1);
    client.close();
    client.close();
    client.rotate();
    await expect(call).rejects.toThrow("socket hang up");
    await until(() => server.open.size === 0);
    await expect(post("/")).rejects.toThrow("closed");
  });

  it("that are quiet are closed", async () => {
    const brief = createKeepAliveFetch({ quietSocketMs: 20 });
    await brief.fetch(server.url);
    await until(() => server.open.size === 0);
    await brief.fetch(server.url);
    expect(server.connections).toBe(2);
    brief.close();
  });
});
