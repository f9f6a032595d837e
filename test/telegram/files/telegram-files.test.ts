import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { TelegramApiError } from "../../../shared/telegram/bot-api.ts";
import {
  FileRefusedError,
  type TelegramFiles,
  telegramFiles,
} from "../../../shared/telegram/files/telegram-files.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const token = "123456789:AAEsecretsecretsecretsecretsecret00";

const silent = { getFile: () => new Promise<never>(() => undefined) };

async function read(files: TelegramFiles, signal = new AbortController().signal) {
  const parts: Uint8Array[] = [];
  for await (const part of (await files.open("f", signal)).bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** What went wrong, and all that an inspecting logger would see of it. */
async function problem(reading: Promise<unknown>): Promise<Error> {
  const error = await reading.then(
    () => new Error("nothing went wrong"),
    (thrown: unknown) => thrown as Error,
  );
  expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain("AAEsecret");
  return error;
}

describe("the files of messages", () => {
  let server: Server | undefined;
  const clock = new ManualClock();

  afterEach(async () => {
    const open = server;
    server = undefined;
    open?.closeAllConnections();
    await new Promise((resolve) => (open === undefined ? resolve(undefined) : open.close(resolve)));
  });

  async function serving(
    answer: RequestListener,
    file: { file_path?: string } | Error = { file_path: "documents/file 1.txt" },
  ): Promise<TelegramFiles> {
    const opened = createServer(answer);
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
    const apiRoot = `http://127.0.0.1:${(opened.address() as AddressInfo).port}`;
    const getFile = () =>
      file instanceof Error
        ? Promise.reject(file)
        : Promise.resolve({ file_id: "f", file_unique_id: "u", ...file });
    return telegramFiles({ api: () => ({ getFile }), apiRoot, token, clock });
  }

  it("are not waited for by whoever gives up, also while Telegram thinks about the question", async () => {
    const files = telegramFiles({ api: () => silent, apiRoot: "http://x", token, clock });
    const giving = new AbortController();
    const reading = read(files, giving.signal);
    giving.abort(new Error("stopped"));
    await expect(reading).rejects.toThrow("stopped");
    await expect(read(files, giving.signal)).rejects.toThrow("stopped");
  });

  it("come from the place that Telegram names", async () => {
    let asked = "";
    const files = await serving((request, response) => {
      asked = request.url ?? "";
      response.end("hello");
    });
    expect(await read(files)).toBe("hello");
    expect(asked).toBe(`/file/bot${token}/documents/file%201.txt`);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ["too big", new TelegramApiError(400, "Bad Request: file is too big"), "too_big"],
    ["unknown", new TelegramApiError(400, "Bad Request: invalid file_id"), "gone"],
    ["without a path", {}, "gone"],
    ["outside of Telegram", { file_path: "/etc/passwd" }, "gone"],
    ["above its folder", { file_path: "documents/../../bot" }, "gone"],
  ] as const)("are refused for good: %s", async (_, file, reason) => {
    const files = await serving((_request, response) => response.end("x"), file);
    const error = await problem(read(files));
    expect(error).toBeInstanceOf(FileRefusedError);
    expect(error).toMatchObject({ reason });
  });

  it("are gone where the server says so", async () => {
    const files = await serving((_, response) => response.writeHead(404).end());
    expect(await problem(read(files))).toMatchObject({ reason: "gone" });
  });

  it.each<[string, RequestListener, RegExp]>([
    ["a failing server", (_, response) => response.writeHead(502).end("<html>"), /502/],
    [
      "a redirect, which would carry the token away",
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
      /could not be fetched/,
    ],
    ["a broken connection", (request) => request.destroy(), /could not be fetched/],
    [
      "a cut answer",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("half", () => response.destroy());
      },
      /could not be fetched/,
    ],
  ])("may come later: %s", async (_, answer, expected) => {
    const error = await problem(read(await serving(answer)));
    expect(error).not.toBeInstanceOf(FileRefusedError);
    expect(error.message).toMatch(expected);
    expect(clock.pendingTimers).toBe(0);
  });

  it("are given up when nothing comes for 30 s, at the start and in the middle", async () => {
    for (const begins of [false, true]) {
      let arrived: (() => void) | undefined;
      const asked = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const files = await serving((_, response) => {
        if (begins) response.writeHead(200).write("half");
        arrived?.();
      });
      const { bytes } = begins
        ? await files.open("f", new AbortController().signal)
        : { bytes: undefined };
      const iterator = bytes?.[Symbol.asyncIterator]();
      await iterator?.next();
      const ended = problem(iterator === undefined ? read(files) : iterator.next());
      await asked;
      await clock.advance(30_000);
      expect((await ended).message).toBe("Telegram sent nothing for 30 s.");
      expect(clock.pendingTimers).toBe(0);
      server?.closeAllConnections();
      server?.close();
    }
  });

  it("are broken off while Telegram is asked for them, with the signal's reason", async () => {
    const controller = new AbortController();
    controller.abort(new Error("the bot stops"));
    const files = await serving(() => undefined, new Error("not sent (cancelled)"));
    await expect(read(files, controller.signal)).rejects.toThrow("the bot stops");
  });

  it("are broken off by the signal, with its reason", async () => {
    const controller = new AbortController();
    const files = await serving((_, response) => {
      response.writeHead(200).write("half");
    });
    const { bytes } = await files.open("f", controller.signal);
    const iterator = bytes[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    controller.abort(new Error("the bot stops"));
    await expect(next).rejects.toThrow("the bot stops");
  });
});
