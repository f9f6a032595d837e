import { describe, expect, it } from "vitest";
import { TokenRefusedError } from "../../shared/errors.ts";
import { TelegramApiError } from "../../shared/telegram/bot-api.ts";
import { askTelegram } from "../../shared/telegram/meeting/meet-telegram.ts";
import { ManualClock } from "../support/manual-clock.ts";

function rig() {
  const clock = new ManualClock();
  const waits: string[] = [];
  const kinds: string[] = [];
  const deps = {
    botId: 7,
    clock,
    random: () => 1,
    onError: ({ kind }: { readonly kind: string }) => void kinds.push(kind),
    onWait: (reason: string) => void waits.push(reason),
  };
  return { clock, waits, kinds, deps, controller: new AbortController() };
}

const refused = (): Error => new TelegramApiError(401, "Unauthorized");
const fail = (): Promise<never> => Promise.reject(unreachable());
const unreachable = (): Error => Object.assign(new Error("no route"), { code: "ECONNREFUSED" });

describe("a question to Telegram that must be answered", () => {
  it("is asked again, later each time, until it is", async () => {
    const { clock, waits, kinds, deps, controller } = rig();
    let asked = 0;
    const call = async (): Promise<string> => {
      asked += 1;
      if (asked < 4) throw unreachable();
      return "me";
    };
    const answer = askTelegram(deps, "getMe", call, controller.signal);
    await clock.advance(500);
    expect(asked).toBe(2);
    await clock.advance(1_000);
    expect(asked).toBe(3);
    await clock.advance(2_000);
    expect(await answer).toBe("me");
    expect(kinds).toEqual(["network", "network", "network"]);
    expect(waits[0]).toMatch(/cannot be reached for getMe \(ECONNREFUSED\)/);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends with the refusal of the token", async () => {
    const { deps, controller, waits } = rig();
    const answer = askTelegram(deps, "getMe", () => Promise.reject(refused()), controller.signal);
    await expect(answer).rejects.toThrow(TokenRefusedError);
    await expect(answer).rejects.toThrow(/token of bot 7/);
    expect(waits).toEqual([]);
  });

  it("ends with the signal, also in a pause, and leaves no timer", async () => {
    const { clock, deps, controller } = rig();
    const stop = new Error("stopping");
    const answer = askTelegram(deps, "getMe", fail, controller.signal);
    const caught = answer.catch((error: unknown) => error);
    await clock.advance(100);
    controller.abort(stop);
    expect(await caught).toBe(stop);
    expect(clock.pendingTimers).toBe(0);
  });
});
