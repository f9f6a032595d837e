import { describe, expect, it } from "vitest";
import { joinedText, joinMessages } from "../../../../bots/main/attachments/join-messages.ts";
import type { Message } from "../../../../shared/telegram/bot-api.ts";

const chat = { id: 1, type: "private" };
const origin = { type: "hidden_user", sender_user_name: "Zoe", date: 5 };

interface Spec {
  readonly id: number;
  readonly from?: number;
  readonly date?: number;
  readonly album?: string;
  readonly forwarded?: boolean;
  readonly text?: string;
}

const message = ({ id, from = 7, date = 100, album, forwarded = false, text }: Spec): Message => ({
  message_id: id,
  date,
  chat,
  from: { id: from, is_bot: false, first_name: "Ann" },
  ...(album === undefined ? {} : { media_group_id: album }),
  ...(forwarded ? { forward_origin: origin } : {}),
  ...(text === undefined ? {} : { text }),
});

/** Accepted 10 ms after each other. */
const joined = (...specs: Spec[]) =>
  joinMessages(specs.map((spec, at) => ({ message: message(spec), acceptedAtMs: at * 10 })));
const idsOf = (...specs: Spec[]) =>
  joined(...specs).map(({ members }) => members.map((each) => each.message.message_id));

describe("messages that belong together", () => {
  it.each([
    ["nothing", [], []],
    ["ordinary messages, each alone", [{ id: 1 }, { id: 2 }], [[1], [2]]],
    [
      "an album",
      [
        { id: 1, album: "a" },
        { id: 2, album: "a" },
      ],
      [[1, 2]],
    ],
    [
      "two albums and a message between",
      [{ id: 1, album: "a" }, { id: 2, album: "a" }, { id: 3 }, { id: 4, album: "b" }],
      [[1, 2], [3], [4]],
    ],
    [
      "an album with somebody's words in between, at its own place",
      [
        { id: 1, album: "a" },
        { id: 2, from: 8 },
        { id: 3, album: "a" },
      ],
      [[1, 3], [2]],
    ],
    [
      "the same album id of another person",
      [
        { id: 1, album: "a" },
        { id: 2, album: "a", from: 8 },
      ],
      [[1], [2]],
    ],
    [
      "a forwarded burst",
      [
        { id: 1, forwarded: true, date: 100 },
        { id: 2, forwarded: true, date: 101 },
        { id: 3, forwarded: true, date: 102 },
      ],
      [[1, 2, 3]],
    ],
    [
      "forwarded messages sent seconds apart, though they came in together",
      [
        { id: 1, forwarded: true, date: 100 },
        { id: 2, forwarded: true, date: 102 },
      ],
      [[1], [2]],
    ],
    [
      "a forwarded message of another person",
      [
        { id: 1, forwarded: true },
        { id: 2, forwarded: true, from: 8 },
      ],
      [[1], [2]],
    ],
    ["words after a forwarded message", [{ id: 1, forwarded: true }, { id: 2 }], [[1], [2]]],
    [
      "a forwarded album among forwarded messages",
      [
        { id: 1, forwarded: true },
        { id: 2, forwarded: true, album: "a" },
        { id: 3, forwarded: true, album: "a" },
      ],
      [[1, 2, 3]],
    ],
  ] as [string, Spec[], number[][]][])("%s", (_, specs, expected) => {
    expect(idsOf(...specs)).toEqual(expected);
  });

  it("are the same ones however often and from whatever length it is asked", () => {
    const specs: Spec[] = [
      { id: 1, album: "a" },
      { id: 2, album: "a" },
      { id: 3 },
      { id: 4, forwarded: true },
      { id: 5, forwarded: true, album: "b" },
      { id: 6, forwarded: true, album: "b" },
    ];
    // What has arrived only ever adds: no group comes apart, and none changes its place.
    for (let length = 1; length < specs.length; length += 1) {
      const before = idsOf(...specs.slice(0, length));
      const after = idsOf(...specs);
      before.forEach((group, at) => expect(after[at]?.slice(0, group.length)).toEqual(group));
    }
  });

  it.each([
    ["an ordinary message", [{ id: 1 }], undefined],
    [
      "an album, 700 ms after its last",
      [
        { id: 1, album: "a" },
        { id: 2, album: "a" },
      ],
      710,
    ],
    ["a forwarded message, for 1 s", [{ id: 1, forwarded: true }], 1_000],
  ] as [string, Spec[], number | undefined][])("are waited for: %s", (_, specs, expected) => {
    expect(joined(...specs).map(({ openUntilMs }) => openUntilMs)).toEqual([expected]);
  });
});

describe("the words of a group", () => {
  it("are texts and captions in order, with the names of others", () => {
    const words = joinedText([
      message({ id: 1, text: "Look:" }),
      message({ id: 2 }),
      { ...message({ id: 3 }), caption: "the plan" },
      message({ id: 4, text: "Do it.", forwarded: true }),
    ]);
    expect(words).toBe("Look:\n\nthe plan\n\nForwarded from Zoe:\nDo it.");
  });

  it.each([
    [{ type: "user", sender_user: { first_name: "Max", last_name: "M." } }, "Max M."],
    [{ type: "user", sender_user: { first_name: "Max" } }, "Max"],
    [{ type: "chat", sender_chat: { title: "Team" } }, "Team"],
    [{ type: "channel", chat: { title: "News" } }, "News"],
    [{ type: "channel", chat: {} }, "a chat"],
  ])("name %j", (forwardOrigin, name) => {
    const each = { ...message({ id: 1, text: "x" }), forward_origin: forwardOrigin } as Message;
    expect(joinedText([each])).toBe(`Forwarded from ${name}:\nx`);
  });
});
