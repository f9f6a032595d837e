import { beforeEach, describe, expect, it } from "vitest";
import {
  type Alert,
  AlertDesk,
  type AlertMessage,
  gatherMs,
  pauseMs,
  repeatMs,
} from "../../../../supervisor/daemon/alerts/alert-desk.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

let clock: ManualClock;
let sent: AlertMessage[];
let desk: AlertDesk;

beforeEach(() => {
  clock = new ManualClock();
  sent = [];
  desk = new AlertDesk(clock, (message) => sent.push(message));
});

const alert = (bot: string, what: string, begins = true): Alert => ({
  bot,
  what,
  begins,
  text: `${bot} ${what} ${begins ? "begins" : "ends"}`,
});
const texts = (): string[] => sent.map(({ text }) => text);

describe("alerts", () => {
  it("that come together are one message, with a button per bot in trouble", async () => {
    desk.note(alert("a", "given_up"));
    desk.note(alert("b", "conflict"));
    desk.note(alert("a", "conflict"));
    await clock.advance(gatherMs);
    expect(sent).toEqual([
      {
        text: "a given_up begins\n\nb conflict begins\n\na conflict begins",
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
      { text: "a conflict begins", restartable: ["a"] },
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

  it("end with the desk", async () => {
    desk.note(alert("a", "given_up"));
    desk.close();
    expect(clock.nextTimerInMs).toBeUndefined();
  });
});
