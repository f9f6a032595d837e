import { beforeEach, describe, expect, it } from "vitest";
import type { PollingState } from "../../../../shared/contract/polling-report.ts";
import {
  AlertDesk,
  type AlertMessage,
  repeatMs,
} from "../../../../supervisor/daemon/alerts/alert-desk.ts";
import { FleetAlerts } from "../../../../supervisor/daemon/alerts/fleet-alerts.ts";
import type { BotView } from "../../../../supervisor/fleet/bot-view.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { botView } from "../bot-view.ts";

const pauseMs = 60_000;

let clock: ManualClock;
let sent: AlertMessage[];
let alerts: FleetAlerts;
const elsewhere = { who: "a process elsewhere", doing: "we go on" };
const webhook = { who: "a webhook takes the updates", doing: "remove it" };
let rival: typeof elsewhere;

beforeEach(() => {
  clock = new ManualClock();
  sent = [];
  rival = elsewhere;
  const desk = new AlertDesk(clock, pauseMs, (message) => sent.push(message));
  alerts = new FleetAlerts(desk, () => rival);
});

const show = (name: string, changes: Partial<BotView>): void => {
  alerts.onFleetEvent({ type: "bot", bot: { ...botView(name), ...changes } });
};
const polls = (name: string, state: PollingState, reason = "the reason"): void => {
  show(name, { polling: { state, reason } });
};
const announce = (name: string, what: "given_up" | "recovered", reason = "it crashed"): void => {
  if (what === "given_up") show(name, { state: "given_up", reason });
  alerts.onFleetEvent({ type: "announcement", name, what, reason });
};
/** What the admins have read when everything that waits was sent. */
const read = async (): Promise<string[]> => {
  await clock.advance(pauseMs);
  return sent.map(({ text }) => text);
};

describe("the admins hear", () => {
  it("of a bot given up, with a button, and that it runs stably again", async () => {
    show("treasury", {});
    announce("treasury", "given_up", "2 crashes.");
    await read();
    announce("treasury", "recovered");
    expect(await read()).toEqual([
      "treasury was given up: 2 crashes. It is tried again by itself.",
      "treasury runs stably again.",
    ]);
    expect(sent.map(({ restartable }) => restartable)).toEqual([["treasury"], []]);
  });

  it("of one that was given up before anybody listened, once", async () => {
    show("treasury", { state: "given_up", reason: "it crashed" });
    show("treasury", { state: "starting", reason: "a single try" });
    show("treasury", { state: "given_up", reason: "it crashed" });
    expect(await read()).toEqual([
      "treasury was given up: it crashed. It is tried again by itself.",
    ]);
  });

  it("again of one that a person started and that was given up once more", async () => {
    show("treasury", {});
    announce("treasury", "given_up");
    await read();
    announce("treasury", "given_up");
    expect((await read())[1]).toMatch(/^treasury was given up again: it crashed\./);
  });

  it("of main given up with the command to type: no press is heard while it is down", async () => {
    show("main", {});
    announce("main", "given_up");
    expect((await read())[0]).toMatch(/npx tg-supervisor start main$/);
    expect(sent[0]?.restartable).toEqual([]);
  });

  it("of a foreign poller in one sentence with who it is, and when it is gone", async () => {
    polls("main", "conflict");
    alerts.rivalFound("main");
    await read();
    polls("main", "polling");
    expect(await read()).toEqual([
      "main: another process polls its token. It is a process elsewhere; we go on.",
      "main: over, another process polls its token no more.",
    ]);
    expect(sent[0]?.restartable).toEqual([]);
  });

  it("who a foreign poller is by a second message, where that is found out later", async () => {
    polls("main", "conflict");
    await read();
    alerts.rivalFound("main");
    expect((await read())[1]).toMatch(/It is a process elsewhere; we go on\.$/);
    polls("main", "polling");
    expect((await read())[2]).toBe("main: over, another process polls its token no more.");
  });

  it("of a webhook with who takes the updates and with a button, whenever that is found out", async () => {
    rival = webhook;
    for (const name of ["treasury", "buy_tracker"]) polls(name, "misconfigured");
    alerts.rivalFound("treasury");
    await read();
    alerts.rivalFound("buy_tracker");
    await read();
    const told = "it cannot receive updates. A webhook takes the updates; remove it.";
    const [first, second] = sent;
    expect(first?.text).toContain(`treasury: ${told}`);
    expect(first?.restartable.toSorted()).toEqual(["buy_tracker", "treasury"]);
    expect(second).toEqual({ text: `buy_tracker: ${told}`, restartable: ["buy_tracker"] });
  });

  it("of a conflict that it is over only when updates come again", async () => {
    polls("main", "conflict");
    await read();
    for (const state of ["waiting_for_network", "rate_limited", "waiting_for_guard"] as const)
      polls("main", state);
    expect(await read()).toHaveLength(1);
    polls("main", "reading");
    expect((await read())[1]).toBe("main: over, another process polls its token no more.");
  });

  it("who takes the updates once more, when one rival follows another or comes back later", async () => {
    rival = webhook;
    polls("main", "misconfigured");
    await read();
    alerts.rivalFound("main");
    await read();
    rival = elsewhere;
    polls("main", "conflict");
    await read();
    alerts.rivalFound("main");
    expect((await read()).at(-1)).toMatch(/It is a process elsewhere; we go on\.$/);
    polls("main", "polling");
    expect((await read()).at(-1)).toBe(
      "main: over, it receives updates again.\n\nmain: over, another process polls its token no more.",
    );
    await clock.advance(repeatMs);
    rival = webhook;
    polls("main", "misconfigured");
    await read();
    alerts.rivalFound("main");
    expect((await read()).at(-1)).toMatch(/A webhook takes the updates; remove it\.$/);
  });

  it("of a full disk, also of a bot that cannot begin because of it", async () => {
    show("treasury", {
      state: "starting",
      polling: { state: "waiting_for_storage", reason: "ENOSPC" },
    });
    expect(await read()).toEqual(["treasury: its disk takes nothing more (ENOSPC)."]);
  });

  it("nothing of a bot between two processes, nor of what was over in a moment", async () => {
    polls("main", "conflict");
    await read();
    for (const state of ["stopped", "starting", "waiting_for_lock", "connecting"] as const)
      polls("main", state);
    polls("treasury", "waiting_for_guard");
    polls("treasury", "polling");
    expect(await read()).toHaveLength(1);
  });

  it("of a bot that was removed and came back as of a new one", async () => {
    polls("treasury", "auth_failed");
    await read();
    alerts.onFleetEvent({ type: "removed", name: "treasury" });
    polls("treasury", "auth_failed");
    expect(await read()).toHaveLength(2);
  });
});
