import { expect, it } from "vitest";
import { mediaRefusal } from "../../../../bots/main/attachments/refusal.ts";
import type { Message } from "../../../../shared/telegram/bot-api.ts";

const message = (fields: object): Message => ({
  message_id: 1,
  date: 1,
  chat: { id: 1, type: "private" },
  ...fields,
});

it.each([
  [
    { voice: {} },
    "Sorry, I cannot take voice messages yet. Please write it as text; photos and files are fine, too.",
  ],
  [{ video_note: {} }, expect.stringContaining("video messages")],
  [{ sticker: {} }, expect.stringContaining("stickers")],
  [{ video: {} }, "Sorry, I cannot take videos yet. Send it as a file, or tell me in words."],
  [{ venue: {}, location: {} }, expect.stringContaining("locations")],
  [{ text: "hello" }, undefined],
  [{ photo: [] }, undefined],
  [{ document: {}, animation: {} }, undefined],
])("answers %j", (fields, expected) => {
  expect(mediaRefusal(message(fields))).toEqual(expected);
});
