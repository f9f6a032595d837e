import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { pngOf } from "./upload.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

const file = (bytes: Buffer | string, name: string) => ({
  name,
  base64: Buffer.from(bytes).toString("base64"),
});
const picture = file(pngOf(8, 6), "a.png");

async function ask(path: string, body: object): Promise<[number, any]> {
  const response = await stage.ask(`chats/${stage.dialog}/${path}`, {
    method: "POST",
    body: JSON.stringify({ from: stage.me, ...body }),
  });
  return [response.status, await response.json()];
}

const get = async (uniqueId: string) => {
  const response = await stage.ask(`files/${uniqueId}`);
  const { headers } = response;
  return {
    status: response.status,
    type: headers.get("content-type"),
    headers,
    body: await response.text(),
  };
};

describe("a person", () => {
  it("sends photos and documents, which the bot gets and downloads", async () => {
    const [, photo] = await ask("photos", { file: picture, caption: "/see this" });
    const [, sent] = await ask("documents", {
      file: file("a,b", "t.csv"),
      reply_to_message_id: photo.message_id,
    });
    expect(sent.document).toMatchObject({
      file_name: "t.csv",
      mime_type: "text/csv",
      file_size: 3,
    });
    const { result } = await stage.call("getUpdates", { offset: -2 });
    expect(result).toMatchObject([
      {
        message: {
          caption: "/see this",
          caption_entities: [{ type: "bot_command", offset: 0, length: 4 }],
          photo: [{ width: 8, height: 6 }],
        },
      },
      { message: { document: sent.document, reply_to_message: { message_id: photo.message_id } } },
    ]);
    const told = await stage.call("getFile", { file_id: sent.document.file_id });
    const got = await fetch(
      `${stage.sandbox.url}/file/bot${stage.bot.token}/${told.result.file_path}`,
    );
    expect(await got.text()).toBe("a,b");
  });

  it("sends an album as one update for each file, with one group id", async () => {
    for (let count = 0; count < 2; count += 1)
      await ask("photos", { file: picture, media_group_id: "4711" });
    // The same offset at the same moment would bring one update only.
    await stage.clock.advance(1000);
    const { result } = await stage.call("getUpdates", { offset: -2 });
    expect(result).toMatchObject([
      { message: { media_group_id: "4711" } },
      { message: { media_group_id: "4711" } },
    ]);
  });

  it("sends a voice message, which comes alone", async () => {
    const [status, sent] = await ask("voices", { file: file("OggS", "v.oga") });
    expect(status).toBe(200);
    expect(sent.voice).toMatchObject({ mime_type: "audio/ogg", file_size: 4, duration: 1 });
    const told = await stage.call("getFile", { file_id: sent.voice.file_id });
    expect(told.result.file_path).toMatch(/^voice\/file_\d+\.oga$/);
  });

  it.each([
    ["no sound", "voices", { file: file("x", "a.txt") }, /OGG, MP3 or M4A/],
    ["an album of voices", "voices", { file: file("x", "a.ogg"), media_group_id: "1" }, /alone/],
    ["no picture", "photos", { file: file("x", "a.png") }, /IMAGE_PROCESS_FAILED/],
    ["no base64", "photos", { file: { base64: "%%%" } }, /base64/],
    ["no file", "documents", {}, /file/],
    ["a caption of 1025", "photos", { file: picture, caption: "x".repeat(1025) }, /1024/],
    ["an unknown field", "documents", { file: picture, text: "x" }, /text/],
    ["a stranger", "photos", { from: 1, file: picture }, /no user 1/],
  ])("cannot send %s", async (_, path, body, problem) => {
    const [status, answer] = await ask(path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(answer.error).toMatch(problem);
  });
});

describe("the page gets", () => {
  it("pictures to show, and nothing else that a browser would open here", async () => {
    const [, photo] = await ask("photos", { file: picture });
    const shown = await get(photo.photo[0].file_unique_id);
    expect(shown).toMatchObject({ status: 200, type: "image/png" });
    const page = file("<script>alert(1)</script>", "x.html");
    const [, sent] = await ask("documents", { file: page });
    const saved = await get(sent.document.file_unique_id);
    expect(saved).toMatchObject({
      type: "application/octet-stream",
      body: "<script>alert(1)</script>",
    });
    expect(saved.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''x.html");
    expect(saved.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect((await get("nothing")).status).toBe(404);
  });
});
