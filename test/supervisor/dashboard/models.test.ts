import { describe, expect, it } from "vitest";
import { consoleModule } from "./console-module.ts";

interface Bot {
  readonly name: string;
  readonly state: string;
  readonly [field: string]: unknown;
}
interface Fleet {
  picture?: { bots: Bot[] };
  connection: string;
  events: { name: string; text: string; tone: string }[];
}
const { emptyFleet, hear, lose, verdict, ordersFor, totals } = await consoleModule<{
  emptyFleet: () => Fleet;
  hear: (fleet: Fleet, change: object, nowMs: number) => void;
  lose: (fleet: Fleet, isKeyOld: boolean, nowMs: number) => void;
  verdict: (bot: Bot, nowMs: number) => { tone: string; words: string; why: string };
  ordersFor: (bot: Bot) => string[];
  totals: (fleet: Fleet, nowMs: number) => Record<string, unknown>;
}>("model/fleet.js");
const { columns, emptyHistory, quantile, takeHistory } = await consoleModule<{
  emptyHistory: () => object;
  takeHistory: (history: object, answer: object) => void;
  columns: (
    history: object,
    names: string[],
    window: object,
  ) => { at: number; handled: number; memoryBytes: number; errors: object }[];
  quantile: (took: Map<number | null, number>, part: number) => number | undefined;
}>("model/history.js");
const { askSince, unknownOf } = await consoleModule<{
  askSince: (lines: object[]) => number | undefined;
  unknownOf: (read: object[], known: object[]) => object[];
}>("model/log-lines.js");
const { readAddress } = await consoleModule<{ readAddress: (hash: string) => object }>(
  "view/frame.js",
);

const bot = (change: Partial<Bot> = {}): Bot => ({
  name: "main",
  role: "main",
  state: "ready",
  polling: { state: "polling" },
  errors: {},
  ...change,
});
const snapshot = (...bots: Bot[]) => ({ type: "snapshot", fleet: { startedAt: 1, bots } });

describe("how a bot is", () => {
  it.each([
    [bot(), "good", "polling"],
    [bot({ polling: { state: "reading", reason: "lock held: main" } }), "good", "reads along"],
    [bot({ silentSince: 0 }), "warn", "does not answer"],
    [bot({ polling: { state: "conflict" } }), "warn", "conflict"],
    [bot({ polling: { state: "auth_failed" } }), "bad", "token refused"],
    [bot({ state: "down", reason: "stopped by dev" }), "off", "stopped"],
    [bot({ state: "given_up" }), "bad", "given up"],
    [bot({ state: "starting" }), "busy", "starting"],
    [bot({ state: "backing_off", nextTryAt: 14_000 }), "warn", "again in 4 s"],
    [bot({ state: "a new one" }), "busy", "a new one"],
  ])("%o is %s", (given, tone, words) => {
    expect(verdict(given, 10_000)).toMatchObject({ tone, words });
  });

  it("tells at once which call to Telegram failed, and when it is tried again", () => {
    const trouble = { what: "409 Conflict", at: 8_000, nextTryAt: 14_000 };
    const told = verdict(bot({ polling: { state: "polling", trouble } }), 10_000);
    expect(told).toMatchObject({ tone: "warn", words: "polling?" });
    expect(told.why).toBe("409 Conflict, 2 s ago; next try in 4 s");
  });

  it("names who else polls its token", () => {
    const rival = { who: "a webhook", doing: "it is being removed" };
    const { why } = verdict(bot({ polling: { state: "conflict", reason: "409" }, rival }), 0);
    expect(why).toBe("a webhook; it is being removed");
  });

  it.each([
    ["ready", ["restart", "stop"]],
    ["down", ["start"]],
    ["given_up", ["start"]],
    ["backing_off", ["start", "stop"]],
    ["stopping", ["start"]],
  ])("%s leaves these orders: %j", (state, orders) => {
    expect(ordersFor(bot({ state }))).toEqual(orders);
  });
});

describe("the picture of the fleet", () => {
  it("begins with a snapshot, follows every change, and remembers what happened", () => {
    const fleet = emptyFleet();
    hear(fleet, { type: "bot", bot: bot() }, 0);
    expect(fleet.picture).toBeUndefined();
    hear(fleet, snapshot(bot()), 1);
    hear(fleet, { type: "bot", bot: bot({ state: "down", reason: "stopped by dev" }) }, 2);
    hear(fleet, { type: "bot", bot: bot({ name: "new" }) }, 3);
    hear(fleet, { type: "removed", name: "main" }, 4);
    expect(fleet.picture?.bots.map(({ name }) => name)).toEqual(["new"]);
    expect(fleet.events.map(({ name, text }) => `${name} ${text}`)).toEqual([
      "main left the fleet",
      "new polling",
      "main stopped by dev",
    ]);
  });

  it("takes a new poll or other figures for no event", () => {
    const fleet = emptyFleet();
    hear(fleet, snapshot(bot()), 1);
    hear(fleet, { type: "bot", bot: bot({ lastPollCompletedAt: 5 }) }, 2);
    hear(fleet, { type: "usage", bots: { main: { memoryBytes: 7 } } }, 3);
    expect(fleet.events).toEqual([]);
    expect(totals(fleet, 4)).toMatchObject({ bots: 1, good: 1, memoryBytes: 7 });
  });

  it("keeps what it knew while the supervisor is gone, and says since when", () => {
    const fleet = emptyFleet();
    hear(fleet, snapshot(bot()), 1);
    lose(fleet, false, 5);
    lose(fleet, false, 9);
    expect(fleet).toMatchObject({ connection: "lost", lostAt: 5 });
    hear(fleet, { type: "snapshot", fleet: { startedAt: 2, bots: [bot()] } }, 10);
    expect(fleet.connection).toBe("live");
    expect(fleet.events.map(({ text }) => text)).toEqual(["was started anew"]);
  });
});

describe("charts", () => {
  const at = Date.UTC(2026, 0, 1, 12, 0);
  const minute = 60_000;
  const answer = (now: number, bots: object) => ({ now, everyMs: minute, kept: 360, bots });

  it("add up bots and minutes, and take a minute's newer word", () => {
    const history = emptyHistory();
    takeHistory(history, answer(at, { a: [{ at, handled: 1 }], b: [{ at, handled: 5 }] }));
    takeHistory(
      history,
      answer(at + minute, {
        a: [
          { at, handled: 2, memoryBytes: 10 },
          { at: at + minute, handled: 4, memoryBytes: 20 },
        ],
        b: [],
      }),
    );
    const found = columns(history, ["a", "b"], {
      nowMs: at + minute,
      spanMs: 10 * minute,
      columnMs: 5 * minute,
    });
    expect(found.map(({ handled, memoryBytes }) => [handled, memoryBytes])).toEqual([
      [0, 0],
      [11, 20],
    ]);
  });

  it("say how long shares of the updates took at most", () => {
    const took = new Map<number | null, number>([
      [1, 6],
      [0.1, 3],
      [null, 1],
    ]);
    expect([0.3, 0.5, 0.9, 0.95].map((part) => quantile(took, part))).toEqual([
      100, 1000, 1000, 300_000,
    ]);
    expect(quantile(new Map(), 0.5)).toBeUndefined();
  });
});

const line = (time: number, text: string) => ({ at: time, level: "info", name: "main", text });

describe("a log that is followed", () => {
  it("asks a little further back, and shows each line once", () => {
    const known = [line(5_000, "a"), line(5_000, "b")];
    expect(askSince(known)).toBe(3_000);
    expect(askSince([])).toBeUndefined();
    const read = [line(5_000, "a"), line(5_000, "b"), line(5_000, "b"), line(5_001, "c")];
    expect(unknownOf(read, known)).toEqual([line(5_000, "b"), line(5_001, "c")]);
  });
});

describe("the address", () => {
  it.each([
    ["", { view: "fleet" }],
    ["#/", { view: "fleet" }],
    ["#/bot/buy_tracker", { view: "bot", detail: "buy_tracker" }],
    ["#/chat/123", { view: "chat", detail: "123" }],
    ["#/logs", { view: "logs" }],
    ["#/nothing", { view: "fleet" }],
    ["#/bot/<b>", { view: "fleet" }],
  ])("%s means %o", (hash, wanted) => {
    expect(readAddress(hash)).toEqual(wanted);
  });
});
