import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessPath } from "../../shared/access/access-file.ts";
import { PairedPeople } from "../../shared/access/paired-people.ts";
import { offerCode } from "../../shared/access/pairing.ts";
import { PairingDesk } from "../../shared/bot-runtime/receiving/pairing-desk.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import type { Update } from "../../shared/telegram/bot-api.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { recordingLog } from "../support/recording-log.ts";

const ann = { id: 7, is_bot: false, first_name: "Ann" };

const said = (text: string, from = ann, chat: object = { id: from.id, type: "private" }): Update =>
  ({ update_id: 1, message: { message_id: 1, date: 1, chat, from, text } }) as Update;

describe("the pairing desk", () => {
  let dir: string;
  let hours: ManualClock;
  let clock: Clock;
  let desk: PairingDesk;
  const log = recordingLog();
  const offer = (bot = "main") => offerCode(accessPath(dir, bot), { clock, log });
  const isIn = (bot: string) => new PairedPeople(accessPath(dir, bot), log).has(ann.id);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pairing-desk-"));
    hours = new ManualClock();
    clock = { ...systemClock, now: () => hours.now(), monotonic: () => hours.monotonic() };
    const bots = ["main", "treasury"];
    desk = new PairingDesk({ stateDir: dir, bots, isAllowed: (id) => id === 1, clock, log });
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it.each([
    ["other words", said("hello")],
    ["another command", said("/pairs ABCDE-FGHJK")],
    ["a group", said("/pair ABCDE-FGHJK", ann, { id: -5, type: "group" })],
    ["somebody else's private chat", said("/pair X", ann, { id: 8, type: "private" })],
    ["an edited message", { update_id: 1, edited_message: {} } as Update],
    ["a message without a sender", said("/pair X", undefined, { id: 7, type: "channel" })],
  ])("is not there for %s", async (_, update) => {
    expect(await desk.answer(update)).toBeUndefined();
  });

  it("lets somebody into the bot that the code was made for, and no other of the token", async () => {
    const code = await offer("treasury");
    expect(await desk.answer(said(`/pair ${code}`))).toMatch(/^You are in/);
    expect([isIn("main"), isIn("treasury")]).toEqual([false, true]);
    // The same update once more, after a crash.
    expect(await desk.answer(said(`/pair ${code}`))).toBe("You may use this bot already.");
  });

  it("takes no try for a wrong code from somebody who may already", async () => {
    for (let count = 0; count < 10; count += 1)
      expect(await desk.answer(said("/pair WRONG", { ...ann, id: 1 }))).toMatch(/already/);
  });

  it("answers five wrong codes of one person, then is silent for an hour, even for a right one", async () => {
    const answers: (string | null | undefined)[] = [];
    for (const text of ["/pair 0", "/pair A", "/pair B", "/pair C", "/pair D", "/pair E"])
      answers.push(await desk.answer(said(text)));
    expect(answers[0]).toMatch(/wrong or has expired/);
    expect(answers[4]).toMatch(/for an hour/);
    expect(answers[5]).toBeNull();
    const code = await offer();
    expect(await desk.answer(said(`/pair ${code}`))).toBeNull();
    expect(await desk.answer(said("/pair A", { ...ann, id: 8 }))).toMatch(/wrong or/);
    await hours.advance(3_600_000);
    expect(await desk.answer(said(`/pair ${await offer()}`))).toMatch(/^You are in/);
  });

  it("asks for the code where there is none, which is no wrong one; but not in the hour of silence", async () => {
    for (let count = 0; count < 10; count += 1)
      expect(await desk.answer(said("/pair "))).toMatch(/^Which code.*\/pair <code>/);
    expect(await desk.answer(said("/pair", { ...ann, id: 1 }))).toMatch(/already/);
    for (const text of ["/pair A", "/pair B", "/pair C", "/pair D"])
      expect(await desk.answer(said(text))).toMatch(/wrong or has expired/);
    expect(await desk.answer(said("/pair E"))).toMatch(/for an hour/);
    expect(await desk.answer(said("/pair"))).toBeNull();
  });

  it("never logs what was sent", async () => {
    const code = await offer();
    await desk.answer(said("/pair SECRET-WORDS"));
    await desk.answer(said(`/pair ${code}`));
    expect(log.lines.join("\n")).not.toMatch(/SECRET/);
    expect(log.lines.join("\n")).not.toContain(code);
  });
});
