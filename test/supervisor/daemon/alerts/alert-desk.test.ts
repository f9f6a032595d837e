import { beforeEach, describe, expect, it } from "vitest";
import {
  type Alert,
  AlertDesk,
  type AlertMessage,
  gatherMs,
  repeatMs,
} from "../../../../supervisor/daemon/alerts/alert-desk.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const pauseMs = 60_000;

let clock: ManualClock;
let sent: AlertMessage[];
let desk: AlertDesk;

beforeEach(() => {
  clock = new ManualClock();
  sent = [];
  desk = new AlertDesk(clock, pauseMs, (message) => sent.push(message));
});

const alert = (bot: string, what: string, begins = true): Alert => ({
  bot,
  what,
  begins,
  text: `${bot} ${what} ${begins ? "begins" : "ends"}`,
  restartHelps: what !== "conflict",
});
const texts = (): string[] => sent.map(({ text }) => text);

describe("alerts", () => {
  it("that come together are one message, with a button per bot that a restart may help", async () => {
    desk.note(alert("a", "given_up"));
    desk.note(alert("b", "misconfigured"));
    desk.note(alert("c", "conflict"));
    desk.note(alert("a", "conflict"));
    await clock.advance(gatherMs);
    expect(sent).toEqual([
      {
        text: "a given_up begins\n\nb misconfigured begins\n\nc conflict begins\n\na conflict begins",
        restartable: ["a", "b"],
      },
    ]);
  });

  it("are at most one message a minute, and none is lost", async () => {
    desk.note(alert("a", "given_up"));
    await clock.advance(gatherMs);
    for (const bot of ["b", "c", "d"]) {
      desk.note(alert(bot, "given_up"));
      await clock.advance(gatherMs);
    }
    expect(sent).toHaveLength(1);
    await clock.advance(pauseMs);
    expect(texts()[1]).toBe("b given_up begins\n\nc given_up begins\n\nd given_up begins");
  });

  it("tell a trouble once while it lasts, and its end without a button", async () => {
    for (let times = 0; times < 3; times += 1) desk.note(alert("a", "conflict"));
    await clock.advance(gatherMs);
    desk.note(alert("a", "conflict"));
    await clock.advance(pauseMs);
    desk.note(alert("a", "conflict", false));
    await clock.advance(pauseMs);
    expect(sent).toEqual([
      { text: "a conflict begins", restartable: [] },
      { text: "a conflict ends", restartable: [] },
    ]);
  });

  it("say nothing of what was over before anybody heard of it, nor of an end without a beginning", async () => {
    desk.note(alert("a", "conflict"));
    desk.note(alert("a", "conflict", false));
    desk.note(alert("b", "conflict", false));
    await clock.advance(pauseMs);
    expect(sent).toEqual([]);
    desk.note(alert("a", "conflict"));
    await clock.advance(gatherMs);
    expect(sent).toHaveLength(1);
  });

  it("tell of a trouble that comes and goes at most every half hour, but do tell of one that stays", async () => {
    desk.note(alert("a", "conflict"));
    await clock.advance(gatherMs);
    for (let times = 0; times < 5; times += 1) {
      desk.note(alert("a", "conflict", false));
      await clock.advance(pauseMs);
      desk.note(alert("a", "conflict"));
      await clock.advance(pauseMs);
    }
    expect(texts()).toEqual(["a conflict begins", "a conflict ends"]);
    await clock.advance(repeatMs);
    expect(texts().at(-1)).toBe("a conflict begins");
  });

  it("are shortened where nobody would read them all", async () => {
    for (let bot = 0; bot < 50; bot += 1) desk.note(alert(`b${bot}`, "given_up"));
    await clock.advance(gatherMs);
    expect(texts()[0]).toMatch(/\.\.\. and 30 more: npx tg-supervisor status$/);
  });

  it("fit into a message, however long their words are", async () => {
    for (let bot = 0; bot < 20; bot += 1)
      desk.note({ ...alert(`b${bot}`, "given_up"), text: "x".repeat(3_000) });
    await clock.advance(gatherMs);
    expect(texts()[0]?.length).toBeLessThan(4_096);
    expect(texts()[0]).toMatch(/x \.\.\.\n\n\.\.\. and 14 more: npx tg-supervisor status$/);
  });

  it("say more in the same message where more is known in time", async () => {
    desk.note(alert("a", "conflict"));
    expect(desk.amend({ ...alert("a", "conflict"), text: "it is b" })).toBe(true);
    await clock.advance(gatherMs);
    expect(texts()).toEqual(["it is b"]);
    expect(desk.amend({ ...alert("a", "conflict"), text: "too late" })).toBe(false);
  });

  it("are told again where a person tried to end the trouble, however soon", async () => {
    desk.note(alert("a", "given_up"));
    await clock.advance(gatherMs);
    desk.note({ ...alert("a", "given_up"), anew: true });
    await clock.advance(pauseMs);
    expect(texts()).toEqual(["a given_up begins", "a given_up begins"]);
  });

  it("of a bot that is gone are forgotten: one of its name has troubles of its own", async () => {
    desk.note(alert("a", "conflict"));
    desk.note(alert("ab", "conflict"));
    desk.forget("a");
    await clock.advance(gatherMs);
    expect(texts()).toEqual(["ab conflict begins"]);
    desk.note(alert("a", "conflict"));
    await clock.advance(pauseMs);
    expect(texts()[1]).toBe("a conflict begins");
  });

  it("that wait are told when the desk closes, and nothing is left", async () => {
    desk.note(alert("a", "given_up"));
    desk.close();
    expect(texts()).toEqual(["a given_up begins"]);
    expect(clock.nextTimerInMs).toBeUndefined();
  });
});
