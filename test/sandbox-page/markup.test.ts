import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";
import { me, said } from "./sandbox-of-four.ts";

const { quickKeys, suggestions } = await pageModule<{
  quickKeys: (
    calls: readonly unknown[],
    said: readonly unknown[],
  ) => { rows: string[][]; placeholder?: string };
  suggestions: (typed: string, bots: readonly unknown[]) => { text: string; bot: string }[];
}>("model/markup.js");

const sent = (atMs: number, reply_markup?: object, error?: string) => ({
  atMs,
  error,
  params: { reply_markup },
});
const keyboard = { keyboard: [["Yes", { text: "No" }]] };
const offered = [["Yes", "No"]];

describe("quick keys", () => {
  it("are those that a bot sent last", () => {
    expect(quickKeys([sent(0, keyboard), sent(1)], []).rows).toEqual(offered);
    const other = sent(2, { keyboard: [["Later"]] });
    expect(quickKeys([sent(0, keyboard), other], []).rows).toEqual([["Later"]]);
    expect(quickKeys([sent(0)], []).rows).toEqual([]);
  });

  it("stay after an answer, unless they were meant for one answer", () => {
    const answer = said(2, me, "Yes");
    const once = { ...keyboard, one_time_keyboard: true };
    expect(quickKeys([sent(119_900, keyboard)], [answer]).rows).toEqual(offered);
    expect(quickKeys([sent(119_900, once)], [answer]).rows).toEqual([]);
  });

  it("are there when the question and the keys are of one second", () => {
    const once = { ...keyboard, one_time_keyboard: true };
    expect(quickKeys([sent(120_300, once)], [said(2, me, "/keys")]).rows).toEqual(offered);
  });

  it("go when the bot removes them, and never come from a call that failed", () => {
    expect(quickKeys([sent(0, keyboard), sent(1, { remove_keyboard: true })], []).rows).toEqual([]);
    expect(quickKeys([sent(0, keyboard, "Bad Request")], []).rows).toEqual([]);
  });
});

const texts = (typed: string, ...bots: unknown[]) =>
  suggestions(typed, bots).map(({ text }) => text);

describe("suggested commands", () => {
  const main = { name: "main", username: "main_bot" };
  const shop = {
    name: "shop",
    username: "shop_bot",
    commands: [{ command: "buy", description: "Buy" }],
  };
  it("are the bot's own, or the usual ones", () => {
    expect(texts("/", main)).toEqual(["/start", "/help", "/status"]);
    expect(texts("/", shop)).toEqual(["/buy"]);
  });

  it("narrow down while typing", () => {
    expect(texts("/ST", main)).toEqual(["/start", "/status"]);
    expect(texts("/nothing", main)).toEqual([]);
  });

  it("are addressed where several bots listen", () => {
    expect(texts("/b", main, shop)).toEqual(["/buy@shop_bot"]);
  });

  it.each(["", "hello", "say /st", "/start now"])("do not disturb %o", (typed) => {
    expect(texts(typed, main)).toEqual([]);
  });
});
