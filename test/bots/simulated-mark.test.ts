import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { buyTracker } from "../../bots/buy_tracker/bot.ts";
import { publicTradingBot } from "../../bots/public_trading_bot/bot.ts";
import { treasury } from "../../bots/treasury/bot.ts";
import { SpokenBot } from "../support/spoken-bot.ts";

const words = "Simulated market: nothing of it is real.";
const pool = `0x5200000000000000000000000000000000000001`;
/** What stands behind a command: nothing, something right, something wrong. */
const tails = ["", " 100", " all", ` ${pool} 1`, " day", " nonsense -1"];

let bot: SpokenBot | undefined;

afterEach(async () => {
  await bot?.close();
  bot = undefined;
});

describe.each([buyTracker, treasury, publicTradingBot])("$name on the simulated market", (made) => {
  it("says so in every message: answers, questions, pictures, edits, pop-ups", async () => {
    bot = await SpokenBot.open(made, optionsOf(made.name));
    const commands = (made.commands ?? []).map(({ command }) => command);
    const heard = made.name === "buy_tracker" ? [...commands, "status"] : commands;
    for (const command of heard) for (const tail of tails) await bot.hear(`/${command}${tail}`);
    const pressed = new Set<string>();
    // Buttons make messages with buttons; twice each, as impatient people do.
    for (let round = 0; round < 3; round += 1)
      for (const data of new Set(bot.spoken.flatMap(({ buttons }) => buttons)))
        if (!pressed.has(data)) {
          pressed.add(data);
          await bot.press(data);
          await bot.press(data);
        }
    const said = bot.spoken.filter(({ way, text }) => text !== "" || way !== "answerCallbackQuery");
    expect(said.length).toBeGreaterThanOrEqual(heard.length * tails.length);
    expect(pressed.size).toBeGreaterThan(0);
    expect(said.filter(({ text }) => text.split(words).length !== 2)).toEqual([]);
  });
});

/** Every way to Telegram but the marked voice of a bot: each of these files marks by itself, or says no words. */
const ownWays = [
  "bots/buy_tracker/commands/watch-buttons.ts: answerCallbackQuery",
  "bots/public_trading_bot/desk/desk.ts: answerCallbackQuery",
  "bots/treasury/bot.ts: answerCallbackQuery",
  "bots/treasury/commands/show-chart.ts: enqueue",
  "bots/treasury/commands/show-chart.ts: sendPhoto",
];

it("has no other makers of messages: posts, alerts and reports go by the marked voice, too", () => {
  const files = ["buy_tracker", "treasury", "public_trading_bot"].flatMap((name) =>
    readdirSync(`bots/${name}`, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => `bots/${name}/${path}`),
  );
  const found = files.flatMap((file) => {
    const ways = readFileSync(file, "utf8").matchAll(
      /\b(send[A-Z]\w+|editMessage\w+|answerCallbackQuery|enqueue|reply|live)\(|"(send[A-Z]\w+|editMessage\w+)"/g,
    );
    return [...ways].map(([, called, named]) => `${file}: ${called ?? named}`);
  });
  expect(new Set(found)).toEqual(new Set(ownWays));
  const voices = files.filter((file) => readFileSync(file, "utf8").includes("markedAnswers("));
  expect(voices).toHaveLength(3);
});

function optionsOf(name: string): Record<string, unknown> {
  return name === "public_trading_bot" ? { commands_per_minute: 600 } : {};
}
