import { describe, expect, it } from "vitest";
import {
  defaultAllowedUpdates,
  parseAllowedUpdates,
} from "../../../supervisor/sandbox/updates/allowed-updates.ts";

describe("allowed_updates", () => {
  it.each([
    ["nothing", undefined, undefined],
    ["empty text", "", undefined],
    ["no JSON", "message", undefined],
    ["no list", '{"a":1}', undefined],
    ["a list with a number", '["message",5]', undefined],
    ["a list", '["callback_query","message"]', ["message", "callback_query"]],
    ["other letters", '["MESSAGE"]', ["message"]],
    ["an unknown name beside a known one", '["message","gossip"]', ["message"]],
    ["only unknown names", '["gossip"]', defaultAllowedUpdates],
    ["an empty list", "[]", defaultAllowedUpdates],
  ])("%s", (_, text, expected) => {
    expect(parseAllowedUpdates(text)).toEqual(expected);
  });

  it("leaves three kinds out by default", () => {
    const onRequest = ["chat_member", "message_reaction", "message_reaction_count"];
    expect(defaultAllowedUpdates.filter((kind) => onRequest.includes(kind))).toEqual([]);
    expect(defaultAllowedUpdates).toContain("my_chat_member");
  });
});
