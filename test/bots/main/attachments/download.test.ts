import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { downloadAttachments } from "../../../../bots/main/attachments/download.ts";
import type { Message } from "../../../../shared/telegram/bot-api.ts";
import {
  FileRefusedError,
  type TelegramFiles,
} from "../../../../shared/telegram/files/telegram-files.ts";

const png = Buffer.from("\x89PNG\r\n\x1a\n and the rest of it", "latin1");

const document = (fields: object = {}): Message => ({
  message_id: 1,
  date: 1,
  chat: { id: 1, type: "private" },
  document: { file_id: "d", file_unique_id: "u", ...fields },
});
const photo = (id: number): Message => ({
  message_id: id,
  date: 1,
  chat: { id: 1, type: "private" },
  photo: [
    { file_id: "small", file_unique_id: "1", width: 90, height: 60, file_size: 5 },
    { file_id: "big", file_unique_id: "3", width: 1280, height: 900, file_size: 50 },
    { file_id: "middle", file_unique_id: "2", width: 320, height: 200, file_size: 9 },
  ],
});

/** A port that gives these pieces, and remembers what was asked. */
function giving(pieces: () => AsyncIterable<Uint8Array>): TelegramFiles & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async open(fileId) {
      asked.push(fileId);
      return { path: "documents/file_1", bytes: pieces() };
    },
  };
}

async function* chunks(...texts: (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const broken: TelegramFiles = { open: () => Promise.reject(new Error("ECONNRESET")) };

describe("downloading attachments", () => {
  let dir: string;
  let folder: string;
  const { signal } = new AbortController();

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "attachments-"));
    folder = join(dir, "files");
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const load = (messages: Message[], files: TelegramFiles, maxBytes?: number) =>
    downloadAttachments(messages, {
      files,
      folder,
      signal,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });

  it("saves a document under its name, for its owner alone", async () => {
    const files = giving(() => chunks("hel", "lo"));
    const message = document({ file_name: "notes.txt", mime_type: "text/plain", file_size: 5 });
    const path = join(folder, "notes.txt");
    expect(await load([message], files)).toEqual({
      saved: [{ name: "notes.txt", path, mediaType: "text/plain", size: 5 }],
      problems: [],
    });
    expect(readFileSync(path, "utf8")).toBe("hello");
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });

  it("takes a photo in its biggest size, named and typed by its bytes", async () => {
    const files = giving(() => chunks(png.subarray(0, 3), png.subarray(3)));
    const { saved } = await load([photo(42)], files);
    expect(files.asked).toEqual(["big"]);
    expect(saved).toMatchObject([
      { name: "photo-42.png", mediaType: "image/png", size: png.length },
    ]);
  });

  it.each([
    [
      "a picture with another name",
      { file_name: "x.txt", mime_type: "text/plain" },
      png,
      "image/png",
    ],
    ["a type that is none", { mime_type: "text/plain; rm -rf" }, "x", "application/octet-stream"],
    ["no type", {}, "x", "application/octet-stream"],
  ])("types %s by what can be known", async (_, fields, content, expected) => {
    const { saved } = await load(
      [document(fields)],
      giving(() => chunks(content)),
    );
    expect(saved[0]?.mediaType).toBe(expected);
  });

  it("saves an album in order, and numbers equal names without overwriting anything", async () => {
    const files = giving(() => chunks("x"));
    const message = document({ file_name: "a.txt" });
    await load([message], files);
    writeFileSync(join(dir, "outside"), "untouched");
    symlinkSync(join(dir, "outside"), join(folder, "a-2.txt"));
    const { saved } = await load([message, photo(7), message], files);
    expect(saved.map(({ name }) => name)).toEqual(["a-3.txt", "photo-7.jpg", "a-4.txt"]);
    expect(readFileSync(join(dir, "outside"), "utf8")).toBe("untouched");
  });

  it("tells that a file is too big, with the numbers, before anything is fetched", async () => {
    const files = giving(() => chunks("x"));
    const size = 25.25 * 2 ** 20;
    const { saved, problems } = await load(
      [
        document({ file_name: "film.zip", file_size: size }),
        document({ file_name: "a.txt", file_size: 1 }),
      ],
      files,
    );
    expect(problems).toEqual([
      "film.zip was not taken: it is 25.3 MB, and files may have up to 20 MB.",
    ]);
    expect(saved).toHaveLength(1);
    expect(files.asked).toHaveLength(1);
  });

  it("stops a file that turns out too big while it comes, and leaves nothing of it", async () => {
    let given = 0;
    let isClosed = false;
    const files = giving(async function* () {
      try {
        for (;;) {
          given += 1;
          yield Buffer.alloc(400);
        }
      } finally {
        isClosed = true;
      }
    });
    const { saved, problems } = await load(
      [document({ file_name: "liar.bin", file_size: 5 })],
      files,
      1_000,
    );
    expect(saved).toEqual([]);
    expect(problems).toEqual([
      "liar.bin was not taken: it is too big, and files may have up to 0.1 MB.",
    ]);
    expect([given, isClosed]).toEqual([3, true]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ["too_big", "it is too big, and files may have up to 20 MB"],
    ["gone", "send it again"],
  ] as const)("tells that Telegram refuses: %s", async (reason, expected) => {
    const open = () => Promise.reject(new FileRefusedError(reason, "no"));
    const { problems } = await load([document({ file_name: "a.txt" })], { open });
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });

  it("leaves nothing behind when it is broken off, and passes the reason on", async () => {
    const controller = new AbortController();
    const files = giving(async function* () {
      yield Buffer.from("half");
      controller.abort(new Error("the bot stops"));
      throw controller.signal.reason;
    });
    const download = downloadAttachments([document()], {
      files,
      folder,
      signal: controller.signal,
    });
    await expect(download).rejects.toThrow("the bot stops");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("passes on what may go well later, for the handler to be tried again", async () => {
    await expect(load([document()], broken)).rejects.toThrow("ECONNRESET");
    expect(existsSync(folder)).toBe(false);
  });

  it("takes over what a killed download left", async () => {
    const files = giving(() => chunks("new"));
    await load([document({ file_name: "a" })], files);
    writeFileSync(join(folder, ".incoming.part"), "a long old half of a file");
    await load([document({ file_name: "b" })], files);
    expect(readdirSync(folder).toSorted()).toEqual(["a", "b"]);
    expect(readFileSync(join(folder, "b"), "utf8")).toBe("new");
  });

  it("does nothing for a message without a file", async () => {
    const { document: _, ...text } = document();
    expect(
      await load(
        [text],
        giving(() => chunks("x")),
      ),
    ).toEqual({ saved: [], problems: [] });
    expect(existsSync(folder)).toBe(false);
  });
});
