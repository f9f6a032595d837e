import { describe, expect, it } from "vitest";
import { UsageError } from "../../../shared/errors.ts";
import { parseSubject } from "../../../supervisor/inquiry/explain/subject.ts";

describe("what is to be explained", () => {
  it.each([
    ["881234570", { kind: "update", updateId: 881_234_570 }],
    [
      "https://t.me/c/1234567890/45",
      { kind: "message", chat: { id: -1_001_234_567_890 }, messageId: 45 },
    ],
    [
      "t.me/c/1234567890/7/45?single",
      { kind: "message", chat: { id: -1_001_234_567_890 }, messageId: 45 },
    ],
    [
      "https://t.me/My_Group/45",
      { kind: "message", chat: { username: "my_group" }, messageId: 45 },
    ],
    ["-1001234567890/45", { kind: "message", chat: { id: -1_001_234_567_890 }, messageId: 45 }],
    ["777/45", { kind: "message", chat: { id: 777 }, messageId: 45 }],
  ])("reads %s", (text, subject) => {
    expect(parseSubject(text)).toEqual(subject);
  });

  it.each([
    "",
    "hello",
    "-5",
    "1/2/3",
    "https://t.me/c/x/45",
    "https://example.org/c/1/2",
    "t.me/c/1",
  ])("refuses %j", (text) => {
    expect(() => parseSubject(text)).toThrow(UsageError);
  });
});
