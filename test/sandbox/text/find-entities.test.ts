import { describe, expect, it } from "vitest";
import { findEntities } from "../../../supervisor/sandbox/text/find-entities.ts";

const read = (text: string): string[] =>
  findEntities(text).map(
    ({ type, offset, length }) => `${type} ${text.slice(offset, offset + length)}`,
  );

describe("what Telegram finds by itself", () => {
  it.each([
    ["a command", "/start now", ["bot_command /start"]],
    ["a command for one bot", "/stop@main_bot", ["bot_command /stop@main_bot"]],
    ["a command in the middle", "please /help", ["bot_command /help"]],
    ["no command inside a path", "a/b /etc/hosts", []],
    ["a mention", "hi @someone!", ["mention @someone"]],
    ["no mention in an address", "me@example.org", []],
    ["a hashtag", "so #great, #1", ["hashtag #great"]],
    ["a link, without the full stop", "see https://x.org/a.", ["url https://x.org/a"]],
    ["a command on a new line", "a\n/b", ["bot_command /b"]],
    ["behind an emoji", "😀 /b", ["bot_command /b"]],
  ])("%s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it("leaves places alone that an entity of the sender takes", () => {
    const code = { type: "code", offset: 0, length: 6 };
    expect(findEntities("/start /go", [code])).toEqual([
      { type: "bot_command", offset: 7, length: 3 },
    ]);
  });
});
