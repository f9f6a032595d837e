import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Api, InputFile } from "../../../shared/telegram/bot-api.ts";
import { openStage, type Stage } from "../stage.ts";
import { pngOf } from "./upload.ts";

let stage: Stage;
let api: Api;

beforeAll(async () => {
  stage = await openStage();
  api = new Api(stage.bot.token, { apiRoot: stage.sandbox.url, maxRetries: 0 });
});

afterAll(async () => {
  await stage.close();
});

describe("node-telegram-bot-api", () => {
  it("uploads and edits files", async () => {
    const document = new InputFile(Buffer.from("# Answer"), { filename: "answer.md" });
    const sent = await api.sendDocument({ chat_id: stage.me, document, caption: "the whole text" });
    expect(sent.document).toMatchObject({ file_name: "answer.md", mime_type: "text/markdown" });
    const media = { type: "photo", media: new InputFile(pngOf(20, 10), { filename: "a.png" }) };
    const edited = await api.editMessageMedia({
      chat_id: stage.me,
      message_id: sent.message_id,
      media,
    });
    expect(edited).toMatchObject({ photo: [{ width: 20, height: 10 }] });
  });

  it("uploads albums", async () => {
    const media = [1, 2].map((side) => ({
      type: "photo",
      media: new InputFile(pngOf(side, side), { filename: `${side}.png` }),
    }));
    const sent = await api.sendMediaGroup({ chat_id: stage.me, media });
    expect(sent.map(({ photo }) => photo?.[0]?.width)).toEqual([1, 2]);
  });

  it("streams a draft and says it", async () => {
    const rich_message = { blocks: [{ type: "paragraph", text: "Hello" }] };
    const about = { chat_id: stage.me, rich_message };
    expect(await api.sendRichMessageDraft({ ...about, draft_id: 4, can_stop: true })).toBe(true);
    expect(stage.sandbox.user.state().drafts).toMatchObject([{ draft_id: 4, can_stop: true }]);
    expect((await api.sendRichMessage(about)).rich_message).toEqual(rich_message);
    expect(stage.sandbox.user.state().drafts).toEqual([]);
  });

  it("learns where a group has gone", async () => {
    const { id } = stage.sandbox.user.migrate(stage.group);
    await expect(api.sendMessage({ chat_id: stage.group, text: "x" })).rejects.toMatchObject({
      parameters: { migrate_to_chat_id: id },
    });
  });
});
