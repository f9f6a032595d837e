import { describe, expect, it } from "vitest";
import { decodePress, encodePress, type Press } from "../../../../bots/main/chat/press.ts";

const presses: readonly Press[] = [
  { kind: "stop", turn: undefined },
  { kind: "stop", turn: 12 },
  { kind: "restore", token: "abc123defg" },
  { kind: "cancel", seq: 12 },
  { kind: "choose", session: "abc123defg" },
  { kind: "resume", session: "abc123defg", wish: "retry" },
  { kind: "resume", session: "abc123defg", wish: "fresh" },
  { kind: "interrupted", turn: 3, wish: "resume" },
  { kind: "interrupted", turn: 3, wish: "discard" },
  { kind: "permission", request: "abcd1234", isAllowed: true },
  { kind: "permission", request: "abcd1234", isAllowed: false },
  { kind: "question", request: "abcd1234", question: 0, option: 2 },
  { kind: "question", request: "abcd1234", question: 1, option: undefined },
];

describe("a button", () => {
  it.each(presses)("carries %j there and back in few bytes", (press) => {
    const data = encodePress(press);
    expect(decodePress(data)).toEqual(press);
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(58);
  });

  it.each([
    "",
    "z",
    "x:",
    "x:-1",
    "x:1:2",
    "b:../../etc",
    "c:ABC",
    "q:a:b:c",
    "s:x",
    "s:1:2",
    "i:x:r",
    `b:${"a".repeat(41)}`,
  ])("with %j is none of ours", (data) => {
    expect(decodePress(data)).toBeUndefined();
  });
});
