import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pngOf } from "../sandbox/media/upload.ts";
import { type FixtureProcess, killFixtures, startFixture } from "../support/fixture-process.ts";
import { type HandedBot, openHandedBot, saidBy } from "../support/handed-bot.ts";
import { eventually } from "../support/program.ts";

describe("files that people send, with a real bot and the sandbox", () => {
  let handed: HandedBot;
  let bot: FixtureProcess;

  beforeAll(async () => {
    handed = await openHandedBot();
    bot = startFixture("saving-bot.ts", [], { env: handed.environment });
    await bot.next("ready");
  });
  afterAll(async () => {
    await killFixtures();
    await handed.close();
  });

  /** Sends a file as a person; resolves with what the bot answers. */
  async function send(
    kind: "photo" | "document" | "voice",
    bytes: Buffer,
    name: string,
    album?: string,
  ): Promise<{ id: number; answer: string }> {
    const before = saidBy(handed).length;
    const { message_id: id } = await handed.sandbox.user.sendFile(handed.chat, kind, {
      from: handed.me,
      file: { name, base64: bytes.toString("base64") },
      ...(album === undefined ? {} : { media_group_id: album }),
    });
    const answer = await eventually(
      () => saidBy(handed)[before],
      () =>
        `an answer to ${name}; ${readFileSync(join(handed.stateDir, "logs", "main.log"), "utf8")}`,
    );
    return { id, answer };
  }

  const saved = (name: string): Buffer => readFileSync(join(handed.dir, "files", name));

  it("saves a photo and a document with their bytes", async () => {
    const picture = pngOf(8, 6);
    const photo = await send("photo", picture, "a.png");
    expect(photo.answer).toBe(`photo-${photo.id}.png image/png ${picture.length}`);
    expect(saved(`photo-${photo.id}.png`)).toEqual(picture);
    const notes = Buffer.from("привет");
    const { answer } = await send("document", notes, "../заметки.txt");
    expect(answer).toBe(`заметки.txt text/plain ${notes.length}`);
    expect(saved("заметки.txt")).toEqual(notes);
    expect(statSync(join(handed.dir, "files", "заметки.txt")).mode & 0o777).toBe(0o600);
  });

  it("saves every photo of an album under a name of its own", async () => {
    const first = await send("photo", pngOf(4, 4), "1.png", "77");
    const second = await send("photo", pngOf(5, 5), "2.png", "77");
    expect(first.answer).not.toBe(second.answer);
    expect(saved(`photo-${second.id}.png`)).toEqual(pngOf(5, 5));
  });

  it("saves a file of just 20 MB, and tells the numbers of a bigger one without fetching it", async () => {
    const limit = 20 * 2 ** 20;
    const { answer } = await send("document", Buffer.alloc(limit, 7), "full.bin");
    expect(answer).toBe(`full.bin application/octet-stream ${limit}`);
    const calls = () => handed.sandbox.user.calls({ method: "getFile", limit: 100 }).length;
    const before = calls();
    const tooBig = await send("document", Buffer.alloc(limit + 1), "more.bin");
    expect(tooBig.answer).toBe(
      "more.bin was not taken: it is 20.1 MB, and files may have up to 20 MB.",
    );
    expect(calls()).toBe(before);
    expect(readdirSync(join(handed.dir, "files"))).not.toContain("more.bin");
  });

  it("refuses a voice message politely", async () => {
    const { answer } = await send("voice", Buffer.from("OggS"), "v.oga");
    expect(answer).toMatch(/^Sorry, I cannot take voice messages yet/);
  });

  it("gets a file in the end although the server fails at first", async () => {
    handed.sandbox.user.faults.add({ kind: "status", method: "getFile", times: 1, status: 502 });
    const { answer } = await send("document", Buffer.from("late"), "late.txt");
    expect(answer).toBe("late.txt text/plain 4");
  });

  it("leaves nothing half in the folder", () => {
    expect(readdirSync(join(handed.dir, "files")).filter((name) => name.startsWith("."))).toEqual(
      [],
    );
  });
});
