import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../shared/errors.ts";
import { botIdOf } from "../../shared/telegram/token.ts";

describe("the bot id of a token", () => {
  it("is the number before the colon", () => {
    expect(botIdOf("123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc")).toBe(123456789);
    expect(botIdOf("42:x")).toBe(42);
  });

  it.each([
    ["", "it is empty"],
    ["AAEhBOweik6adsecret", "it has no colon"],
    ["12345:AAEhBOweik6adsecret\n", "it contains a space or a line break"],
    ['"12345:AAEhBOweik6adsecret"', "it is in quotes"],
    ["bot12345:AAEhBOweik6adsecret", "it does not begin with the numeric bot id"],
    ["12345:", "its secret is empty or has characters that no secret has"],
    ["12345678901234567890:AAEhBOweik6adsecret", "it does not begin with the numeric bot id"],
  ])("refuses %j without repeating it", (token, problem) => {
    const refuse = (): number => botIdOf(token, "TREASURY_BOT_TOKEN");
    expect(refuse).toThrow(ConfigurationError);
    expect(refuse).toThrow(`TREASURY_BOT_TOKEN is not a bot token (${problem})`);
    expect(refuse).not.toThrow("AAEhBOweik6adsecret");
  });
});
