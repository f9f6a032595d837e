import { describe, expect, it } from "vitest";
import { RichSupport } from "../../../shared/outbound/forms/rich-support.ts";
import type { CallParams } from "../../../shared/outbound/queue/item.ts";
import { network, refusal } from "../stage/fake-telegram.ts";

const rich: CallParams = { rich_message: { blocks: [] } };

describe("whether a server knows rich messages", () => {
  it.each<[string, string, CallParams, Error, boolean]>([
    [
      "has no such method",
      "sendRichMessage",
      rich,
      refusal("Not Found: method not found", 404),
      false,
    ],
    [
      "does not see the content of an edit",
      "editMessageText",
      rich,
      refusal("Bad Request: message text is empty"),
      false,
    ],
    [
      "refuses a content",
      "sendRichMessage",
      rich,
      refusal("Bad Request: RICH_MESSAGE_URL_INVALID"),
      true,
    ],
    [
      "refuses an empty text",
      "editMessageText",
      { text: "" },
      refusal("Bad Request: message text is empty"),
      true,
    ],
    [
      "has no drafts",
      "sendRichMessageDraft",
      rich,
      refusal("Not Found: method not found", 404),
      true,
    ],
    ["cannot be reached", "sendRichMessage", rich, network("ECONNREFUSED"), true],
  ])("a server that %s", async (_name, method, params, error, isUsable) => {
    const support = new RichSupport();
    const send = support.watch(() => Promise.reject(error));
    await expect(send(method, params, new AbortController().signal)).rejects.toBe(error);
    expect(support.isUsable).toBe(isUsable);
  });

  it("hands over what the server answers", async () => {
    const support = new RichSupport();
    const send = support.watch(() => Promise.resolve({ message_id: 1 }));
    expect(await send("sendRichMessage", rich, new AbortController().signal)).toEqual({
      message_id: 1,
    });
    expect(support.isUsable).toBe(true);
  });
});
