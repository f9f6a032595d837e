import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";
import { me, said } from "./sandbox-of-four.ts";

const { quickKeys, suggestions } = await pageModule<{
  quickKeys: (
    messages: readonly unknown[],
    isBot: (from: { is_bot: boolean }) => boolean,
  ) => { rows: string[][]; placeholder?: string };
  suggestions: (typed: string, bots: readonly unknown[]) => { text: string; bot: string }[];
}>("model/markup.js");

const keyboard = (more = {}) => ({
  reply_markup: { keyboard: [["Yes", { text: "No" }]], ...more },
});
const keys = (...messages: unknown[]) => quickKeys(messages, (from) => from.is_bot).rows;

describe("quick keys", () => {
  it("are those of the bot's newest keyboard", () => {
    expect(keys(said(1, 1, "?", keyboard()), said(2, 1, "still?"))).toEqual([["Yes", "No"]]);
    expect(keys(said(1, 1, "hello"))).toEqual([]);
  });

  it("stay after an answer, unless they were meant for one answer", () => {
    const answer = said(2, me, "Yes");
    expect(keys(said(1, 1, "?", keyboard()), answer)).toEqual([["Yes", "No"]]);
    expect(keys(said(1, 1, "?", keyboard({ one_time_keyboard: true })), answer)).toEqual([]);
  });

  it("go when the bot removes them", () => {
    const removed = said(2, 1, "ok", { reply_markup: { remove_keyboard: true } });
    expect(keys(said(1, 1, "?", keyboard()), removed)).toEqual([]);
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
