import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import { answerItems, renderPort } from "../../../shared/outbound/forms/answer-items.ts";
import type { AnswerSettings } from "../../../shared/outbound/forms/prepare-answer.ts";
import { RichSupport } from "../../../shared/outbound/forms/rich-support.ts";
import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import { LiveText } from "../../../shared/outbound/live/live-text.ts";
import { openSandboxBot, type SandboxBot } from "./sandbox-bot.ts";

let bot: SandboxBot | undefined;
afterEach(() => bot?.close());

const table = (rows: number): string => `| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(rows)}`;

describe("a server that knows neither rich messages nor drafts", () => {
  it("is asked once; the text grows and ends in classic form, and so do later answers", async () => {
    bot = await openSandboxBot();
    const { sandbox, botId, me, log } = bot;
    sandbox.user.features.change({ rich: false, drafts: false });
    const support = new RichSupport();
    const settings: AnswerSettings = {
      get rich() {
        return support.isUsable;
      },
    };
    const outbox = await bot.openOutbox((send) => support.watch(send));
    const parts = {
      outbox,
      render: renderPort(settings),
      drafts: new DraftSupport(),
      clock: systemClock,
      random: Math.random,
      log,
    };
    const live = new LiveText(parts, { place: { chatId: me }, key: "s/1" });
    for (let rows = 1; rows <= 30; rows += 1) {
      live.update(table(rows));
      await pause(100);
    }
    await live.finish(`${table(30)}\nDone.`)?.outcomes;
    await Promise.all(
      answerItems(table(2), settings, { chatId: me }).map((item) => outbox.enqueue(item).outcome),
    );

    const calls = sandbox.user.calls({ bot: botId });
    const refused = calls.filter(({ status }) => status !== 200).map(({ method }) => method);
    expect(refused).toEqual(["sendRichMessageDraft", "sendRichMessage"]);
    const shown = calls.filter(({ method }) => method === "editMessageText");
    expect(shown.length).toBeGreaterThan(0);
    const sent = calls.filter(({ method, status }) => method === "sendMessage" && status === 200);
    expect(sent.map(({ parameters }) => /Done\./.test(String(parameters["text"])))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
