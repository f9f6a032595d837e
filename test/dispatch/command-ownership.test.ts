import { describe, expect, it } from "vitest";
import {
  callbackTag,
  readCallbackData,
  tagCallbackData,
} from "../../shared/dispatch/callback-tag.ts";
import {
  belongsTo,
  findClashes,
  type TokenSharer,
} from "../../shared/dispatch/command-ownership.ts";
import type { Update } from "../../shared/telegram/bot-api.ts";

const main: TokenSharer = { name: "main", role: "main", commands: ["stop", "sessions"] };
const tracker: TokenSharer = {
  name: "buy_tracker",
  role: "auxiliary",
  commands: ["buys", "Alert"],
};
const treasury: TokenSharer = { name: "treasury", role: "auxiliary", commands: ["treasury"] };
const fleet = [tracker, main, treasury];

const update = (fields: object): Update => ({ update_id: 1, ...fields }) as Update;
const text = (words: string): Update => update({ message: { message_id: 1, text: words } });
const press = (data?: string): Update =>
  update({ callback_query: { id: "1", from: { id: 1 }, data } });

describe("on a token that bots share", () => {
  it.each([
    ["plain text", text("hello"), "main"],
    ["text with a command in it", text("try /buys"), "main"],
    ["/start", text("/start"), "main"],
    ["/status with an argument", text("/status all"), "main"],
    ["main's own command", text("/stop"), "main"],
    ["a command that nobody declares", text("/whatever"), "main"],
    ["a declared command", text("/buys 10"), "buy_tracker"],
    ["a declared command before a line end", text("/buys\n10"), "buy_tracker"],
    ["a declared command in other letters", text("/ALERT"), "buy_tracker"],
    ["a command with our name", text("/treasury@Fleet_Bot now"), "treasury"],
    ["a longer word", text("/buysell"), "main"],
    ["a command with another bot's name", text("/buys@other_bot"), undefined],
    ["/start for another bot", text("/start@other_bot"), undefined],
    ["a command as caption", update({ message: { caption: "/buys" } }), "buy_tracker"],
    ["an edited command", update({ edited_message: { text: "/buys" } }), "buy_tracker"],
    ["a command in a channel", update({ channel_post: { text: "/buys" } }), "buy_tracker"],
    [
      "a press on a button of buy_tracker",
      press(tagCallbackData("buy_tracker", "x")),
      "buy_tracker",
    ],
    ["a press on a button of main", press("approve:1"), "main"],
    ["a press with the tag of a bot that is gone", press("@zzzz:1"), "main"],
    ["a press without data", press(), "main"],
    ["a reaction", update({ message_reaction: {} }), "main"],
    ["an update of no known shape", update({ odd: null }), "main"],
  ])("%s belongs to one bot or to none", (_, each, owner) => {
    const owners = fleet.filter(({ name }) => belongsTo(name, fleet, each, "fleet_bot"));
    expect(owners.map(({ name }) => name)).toEqual(owner === undefined ? [] : [owner]);
  });

  it("everything belongs to the only bot of a token, but not what is for another bot", () => {
    for (const each of [text("/start"), text("/buys"), text("hi"), press("@zzzz:1")]) {
      expect(belongsTo("treasury", [treasury], each, "fleet_bot")).toBe(true);
    }
    expect(belongsTo("treasury", [treasury], text("/start@other_bot"), "fleet_bot")).toBe(false);
  });

  it("the first bot stands in for main where main is not among them", () => {
    expect(belongsTo("buy_tracker", [tracker, treasury], text("/start"), "x")).toBe(true);
  });

  it("takes no addressee for a stranger before Telegram told our own name", () => {
    expect(belongsTo("main", fleet, text("/start@fleet_bot"), undefined)).toBe(true);
  });
});

describe("clashes on a token", () => {
  it.each([
    ["none", fleet, []],
    [
      "one command of two bots",
      [main, tracker, { ...treasury, commands: ["BUYS"] }],
      ["/buys is declared by buy_tracker and by treasury."],
    ],
    [
      "a command of the default bot",
      [main, { ...tracker, commands: ["status"] }],
      ["/status belongs to main; buy_tracker cannot declare it."],
    ],
    ["main may declare its own", [{ ...main, commands: ["status"] }], []],
    ["the same command twice in one bot", [main, { ...tracker, commands: ["a", "a"] }], []],
    [
      "two bots of one name",
      [main, treasury, { ...treasury, commands: [] }],
      ["The buttons of treasury and treasury cannot be told apart; rename one of them."],
    ],
  ] as [string, TokenSharer[], string[]][])("%s", (_, sharers, expected) => {
    expect(findClashes(sharers)).toEqual(expected);
  });
});

describe("the tag of a button", () => {
  it("comes off as it went on, within Telegram's 64 bytes", () => {
    const data = "a".repeat(58);
    const tagged = tagCallbackData("treasury", data);
    expect(Buffer.byteLength(tagged)).toBe(64);
    expect(readCallbackData(tagged)).toEqual({ tag: callbackTag("treasury"), data });
  });

  it("refuses data that leaves no room, in bytes, not letters", () => {
    expect(() => tagCallbackData("treasury", "é".repeat(30))).toThrow("60 bytes");
  });

  it("never changes: buttons of last year still find their bot", () => {
    expect(callbackTag("treasury")).toMatchInlineSnapshot(`"hi0g"`);
  });

  it("leaves untagged data alone", () => {
    expect(readCallbackData("@home")).toEqual({ tag: undefined, data: "@home" });
  });
});
