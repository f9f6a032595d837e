import { describe, expect, it } from "vitest";
import { ConfigurationError, OperationError } from "../../../../shared/errors.ts";
import { checkBots } from "../../../../supervisor/daemon/reload/check-bots.ts";

const correct = "Correct fleet.yaml, then try again.";

describe("the check of bots before a reload", () => {
  it("is content where every bot is", async () => {
    const asked: string[] = [];
    await checkBots(["a", "b", "c"], async (name) => void asked.push(name), 2);
    expect(asked).toEqual(["a", "b", "c"]);
  });

  it("tells what every bot refused, in the order of the bots, and what to do once", async () => {
    const refused = checkBots(
      ["slow", "well", "quick"],
      async (name) => {
        if (name === "slow") await new Promise((resolve) => setImmediate(resolve));
        if (name !== "well") throw new ConfigurationError(`${name}: wrong\n${correct}`);
      },
      3,
    );
    await expect(refused).rejects.toThrow(
      new ConfigurationError(`slow: wrong\nquick: wrong\n${correct}`),
    );
  });

  it("never asks more at once than it may", async () => {
    let running = 0;
    let most = 0;
    const check = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await checkBots(["a", "b", "c", "d", "e"], check, 2);
    expect(most).toBe(2);
  });

  it("hands on what is no refusal: the bot could not be asked", async () => {
    const broken = checkBots(["a"], () => Promise.reject(new OperationError("no answer")), 1);
    await expect(broken).rejects.toThrow("no answer");
  });
});
