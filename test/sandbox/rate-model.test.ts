import { describe, expect, it } from "vitest";
import { RateModel } from "../../supervisor/sandbox/faults/rate-model.ts";
import { openStage } from "./stage.ts";

function on(): RateModel {
  const rates = new RateModel();
  rates.enabled = true;
  return rates;
}

/** How many of so many calls at one moment are allowed. */
function allowed(
  rates: RateModel,
  calls: number,
  chat: (call: number) => string,
  nowMs = 0,
): number {
  const waits = Array.from({ length: calls }, (_, call) =>
    rates.waitSeconds(1, "sendMessage", chat(call), nowMs),
  );
  return waits.filter((wait) => wait === 0).length;
}

describe("the rate model", () => {
  it("is off until it is switched on", () => {
    expect(allowed(new RateModel(), 1000, () => "5")).toBe(1000);
  });

  it("lets a short burst into a chat, then one a second", () => {
    const rates = on();
    expect(allowed(rates, 20, () => "5")).toBe(5);
    expect(allowed(rates, 20, () => "5", 2000)).toBe(2);
    expect(rates.waitSeconds(1, "editMessageText", "5", 2000)).toBe(1);
  });

  it("lets 20 a minute into a group", () => {
    const rates = on();
    expect(allowed(rates, 40, () => "-5")).toBe(20);
    expect(allowed(rates, 40, () => "-5", 60_000)).toBe(20);
    expect(rates.waitSeconds(1, "sendMessage", "-5", 60_000)).toBe(3);
  });

  it("lets 30 a second through overall, each bot for itself", () => {
    const rates = on();
    expect(allowed(rates, 100, String)).toBe(30);
    expect(rates.waitSeconds(2, "sendMessage", "1", 0)).toBe(0);
  });

  it("counts sends and edits only", () => {
    const rates = on();
    allowed(rates, 20, () => "5");
    expect(rates.waitSeconds(1, "answerCallbackQuery", "5", 0)).toBe(0);
    expect(rates.waitSeconds(1, "editMessageText", "5", 0)).toBe(1);
  });

  it("answers 429 once switched on over HTTP", async () => {
    const stage = await openStage();
    await stage.ask("rate-limits", { method: "POST", body: JSON.stringify({ enabled: true }) });
    const send = () => stage.call("sendMessage", { chat_id: stage.me, text: "hi" });
    for (let number = 0; number < 5; number += 1) expect((await send()).status).toBe(200);
    expect(await send()).toMatchObject({ status: 429, parameters: { retry_after: 1 } });
    expect(await (await stage.ask("rate-limits")).json()).toEqual({ enabled: true });
    await stage.close();
  });
});
