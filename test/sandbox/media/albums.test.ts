import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { pngOf, upload } from "./upload.ts";

let stage: Stage;
let photo: string;
let document: string;

beforeAll(async () => {
  stage = await openStage();
  const toMe = { chat_id: stage.me };
  const png = { name: "a.png", bytes: pngOf(10, 10) };
  photo = (await upload(stage, "sendPhoto", toMe, { photo: png })).result.photo[0].file_id;
  const sent = await upload(stage, "sendDocument", toMe, { document: png });
  document = sent.result.document.file_id;
});

afterAll(async () => {
  await stage.close();
});

const photos = (count: number) =>
  Array.from({ length: count }, () => ({ type: "photo", media: photo }));
const sendAlbum = (media: unknown) => stage.call("sendMediaGroup", { chat_id: stage.me, media });

const sent = async (caption = "old"): Promise<object> => {
  const told = await stage.call("sendPhoto", { chat_id: stage.me, photo, caption });
  return { chat_id: stage.me, message_id: told.result.message_id };
};

describe("sendMediaGroup", () => {
  it("makes one message of each file, all with one group id, and captions where they are given", async () => {
    const media = [
      { type: "photo", media: "attach://one", caption: "First" },
      { type: "photo", media: "attach://two" },
      { type: "photo", media: photo },
    ];
    const files = {
      one: { name: "1.png", bytes: pngOf(1, 1) },
      two: { name: "2.png", bytes: pngOf(2, 2) },
    };
    const told = await upload(stage, "sendMediaGroup", { chat_id: stage.me, media }, files);
    expect(told.result).toMatchObject([
      { caption: "First", photo: [{ width: 1 }] },
      { photo: [{ width: 2 }] },
      { photo: [{ file_id: photo }] },
    ]);
    const groups = told.result.map((message: { media_group_id: string }) => message.media_group_id);
    expect(new Set(groups).size).toBe(1);
    expect(groups[0]).toMatch(/^\d{17}$/);
  });

  it.each([
    ["nothing", () => [], "there are no messages to send"],
    ["one file", () => photos(1), "too few messages to send as an album"],
    ["eleven files", () => photos(11), "too many messages to send as an album"],
    [
      "photos with documents",
      () => [...photos(1), { type: "document", media: document }],
      "document can't be mixed with other media types",
    ],
    ["what is no list", () => "x", "can't parse media JSON object"],
  ])("refuses %s", async (_, media, refusal) => {
    expect((await sendAlbum(media())).description).toBe(`Bad Request: ${refusal}`);
  });

  it("sends nothing at all when one file is wrong", async () => {
    const before = stage.sandbox.user.messages(stage.dialog).length;
    expect((await sendAlbum([...photos(2), { type: "photo", media: "x" }])).status).toBe(400);
    expect(stage.sandbox.user.messages(stage.dialog)).toHaveLength(before);
  });

  it("takes up to ten", async () => {
    expect((await sendAlbum(photos(10))).result).toHaveLength(10);
  });
});

describe("editing", () => {
  it("changes a caption, and refuses the same one", async () => {
    const target = await sent();
    const told = await stage.call("editMessageCaption", {
      ...target,
      caption: "*new*",
      parse_mode: "Markdown",
    });
    expect(told.result).toMatchObject({
      caption: "new",
      caption_entities: [{ type: "bold" }],
      photo: [{ file_id: photo }],
    });
    const again = await stage.call("editMessageCaption", {
      ...target,
      caption: "*new*",
      parse_mode: "Markdown",
    });
    expect(again.description).toContain("message is not modified");
    const removed = await stage.call("editMessageCaption", target);
    expect(removed.result).not.toHaveProperty("caption");
  });

  it("puts another file in the place of the first, or of a text", async () => {
    const media = { type: "document", media: document, caption: "a file" };
    const told = await stage.call("editMessageMedia", { ...(await sent()), media });
    expect(told.result).toMatchObject({ document: { file_id: document }, caption: "a file" });
    expect(told.result).not.toHaveProperty("photo");
    const text = await stage.call("sendMessage", { chat_id: stage.me, text: "text" });
    const { message_id } = text.result;
    const shown = await stage.call("editMessageMedia", { chat_id: stage.me, message_id, media });
    expect(shown.result).not.toHaveProperty("text");
  });

  it("knows text from media", async () => {
    const target = await sent();
    expect((await stage.call("editMessageText", { ...target, text: "x" })).description).toBe(
      "Bad Request: there is no text in the message to edit",
    );
    const text = await stage.call("sendMessage", { chat_id: stage.me, text: "text" });
    const { message_id } = text.result;
    const told = await stage.call("editMessageCaption", {
      chat_id: stage.me,
      message_id,
      caption: "x",
    });
    expect(told.description).toBe("Bad Request: there is no caption in the message to edit");
    const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
    const keyed = await stage.call("editMessageReplyMarkup", { ...target, reply_markup });
    expect(keyed.result).toMatchObject({ caption: "old", reply_markup });
  });
});
