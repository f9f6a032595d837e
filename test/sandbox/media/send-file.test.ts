import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { pngOf, upload } from "./upload.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

const png = { name: "chart.png", bytes: pngOf(640, 480), type: "image/png" };
const note = { name: 'päper "1".md', bytes: "# Notes", type: "text/markdown" };
const toMe = () => ({ chat_id: stage.me });

describe("sendPhoto", () => {
  it("shows the picture with its size and caption", async () => {
    const fields = {
      ...toMe(),
      caption: "<b>The</b> chart",
      parse_mode: "HTML",
      has_spoiler: true,
    };
    const told = await upload(stage, "sendPhoto", fields, { photo: png });
    expect(told.result).toMatchObject({
      photo: [{ width: 640, height: 480, file_size: 33 }],
      caption: "The chart",
      caption_entities: [{ type: "bold", offset: 0, length: 3 }],
      has_media_spoiler: true,
    });
    expect(told.result).not.toHaveProperty("text");
  });

  it("takes a file by attach://, and again by its id", async () => {
    const first = await upload(stage, "sendPhoto", { ...toMe(), photo: "attach://a" }, { a: png });
    const [photo] = first.result.photo;
    const again = await stage.call("sendPhoto", { ...toMe(), photo: photo.file_id });
    expect(again.result.photo).toEqual([photo]);
  });

  it("counts a caption in UTF-16 units after parsing, up to 1024", async () => {
    const photo = (await upload(stage, "sendPhoto", toMe(), { photo: png })).result.photo[0]
      .file_id;
    const send = (length: number) =>
      stage.call("sendPhoto", {
        ...toMe(),
        photo,
        caption: `<i>${"😀".repeat(length / 2)}</i>`,
        parse_mode: "HTML",
      });
    expect((await send(1024)).result.caption).toHaveLength(1024);
    expect((await send(1026)).description).toBe("Bad Request: message caption is too long");
  });

  it.each([
    ["nothing", {}, "there is no photo in the request"],
    ["a part that is not there", { photo: "attach://x" }, "can't find field with a file"],
    ["an id of nobody", { photo: "AgACxyz" }, "wrong file identifier/HTTP URL specified"],
    ["an address", { photo: "https://example.org/a.png" }, "failed to get HTTP URL content"],
  ])("refuses %s", async (_, parameters, refusal) => {
    const told = await stage.call("sendPhoto", { ...toMe(), ...parameters });
    expect(told).toMatchObject({ status: 400, description: `Bad Request: ${refusal}` });
  });

  it.each([
    ["an empty file", "", "file must be non-empty"],
    ["what is no picture", "hello", "IMAGE_PROCESS_FAILED"],
    ["a picture too large", pngOf(9000, 1001), "PHOTO_INVALID_DIMENSIONS"],
    ["a picture too long", pngOf(2100, 100), "PHOTO_INVALID_DIMENSIONS"],
    [
      "a file of more than 10 MB",
      pngOf(4, 4, 10 * 2 ** 20 + 1),
      "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    ],
  ])("refuses %s", async (_, bytes, refusal) => {
    const told = await upload(stage, "sendPhoto", toMe(), { photo: { name: "a.png", bytes } });
    expect(told).toMatchObject({ status: 400, description: `Bad Request: ${refusal}` });
  });
});

describe("sendDocument", () => {
  it("keeps name, type and size", async () => {
    const told = await upload(stage, "sendDocument", toMe(), { document: note });
    expect(told.result.document).toMatchObject({
      file_name: 'päper "1".md',
      mime_type: "text/markdown",
      file_size: 7,
    });
  });

  it("is no photo, nor the other way round", async () => {
    const { document } = (await upload(stage, "sendDocument", toMe(), { document: note })).result;
    const told = await stage.call("sendPhoto", { ...toMe(), photo: document.file_id });
    expect(told.description).toBe("Bad Request: can't use file of type Document as Photo");
  });

  it("of more than 50 MB is refused as a request", async () => {
    const bytes = Buffer.alloc(50 * 2 ** 20 + 1);
    for (const more of [0, 2 ** 20]) {
      const document = { name: "big.bin", bytes: Buffer.concat([bytes, Buffer.alloc(more)]) };
      const told = await upload(stage, "sendDocument", toMe(), { document });
      expect(told).toMatchObject({ status: 413, description: "Request Entity Too Large" });
    }
  });

  it("stands in the record of calls by name and size, without its content", async () => {
    await upload(stage, "sendDocument", toMe(), { document: note });
    expect(stage.sandbox.user.calls({ method: "sendDocument", limit: 1 })).toMatchObject([
      { status: 200, parameters: { document: '(file päper "1".md, 7 bytes)' } },
    ]);
  });
});

describe("getFile", () => {
  it("leads to the same bytes", async () => {
    const { result } = await upload(stage, "sendDocument", toMe(), { document: note });
    const told = await stage.call("getFile", { file_id: result.document.file_id });
    expect(told.result).toMatchObject({
      file_unique_id: result.document.file_unique_id,
      file_size: 7,
      file_path: expect.stringMatching(/^documents\/file_\d+\.md$/),
    });
    const get = async (token: string) => {
      const path = `/file/bot${token}/${told.result.file_path}`;
      const response = await fetch(stage.sandbox.url + path);
      return [response.status, await response.text()];
    };
    expect(await get(stage.bot.token)).toEqual([200, "# Notes"]);
    expect(await get("1:wrong")).toEqual([
      404,
      '{"ok":false,"error_code":404,"description":"Not Found"}',
    ]);
  });

  it.each([
    ["nothing", {}, "file_id not specified"],
    ["an id of nobody", { file_id: "x" }, "invalid file_id"],
  ])("refuses %s", async (_, parameters, refusal) => {
    expect((await stage.call("getFile", parameters)).description).toBe(`Bad Request: ${refusal}`);
  });

  it("refuses more than 20 MB", async () => {
    const bytes = Buffer.alloc(20 * 2 ** 20 + 1);
    const { result } = await upload(stage, "sendDocument", toMe(), {
      document: { name: "big.bin", bytes },
    });
    const told = await stage.call("getFile", { file_id: result.document.file_id });
    expect(told.description).toBe("Bad Request: file is too big");
  });
});
