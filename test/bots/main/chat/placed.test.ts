import { describe, expect, it } from "vitest";
import type { PresentState } from "../../../../bots/main/sessions/ports.ts";
import type { RequestState } from "../../../../bots/main/sessions/queue/journal-line.ts";
import { home } from "../sessions/stage/stage.ts";
import { type Life, settle, World } from "./placed-lives.ts";

/** What the journal of sessions would know; it is told first. */
class Truth implements PresentState {
  readonly waiting = new Set<number>();
  readonly requests = new Map<string, RequestState>();
  isWaiting = (seq: number): boolean => this.waiting.has(seq);
  stateOf = (request: string): RequestState => this.requests.get(request) ?? "expired";
  turn = (): "over" => "over";
}

const ask = { kind: "permission" as const, tool: "Bash", summary: "rm" };
const why = { ahead: 0, forDecision: false };

/** Three messages that wait, of which one is taken and one cancelled, and two requests, of which one is answered. */
async function story({ chat }: Life, truth: Truth): Promise<void> {
  for (const seq of [1, 2, 3]) {
    truth.waiting.add(seq);
    void chat.waits(home, seq, why);
  }
  for (const request of ["a", "b"]) {
    truth.requests.set(request, "open");
    void chat.say(home, `s/ask/${request}`, { kind: "request", request, session: "w", ask });
  }
  const seat = { kind: "waiting_for_seat", sessionId: "s", session: "w", limit: 1 } as const;
  void chat.say(home, "s/seat", seat);
  const failed = { kind: "resume_failed", sessionId: "s", session: "w", reason: "" } as const;
  void chat.say(home, "s/failed", { ...failed, waiting: 1 });
  await settle();
  truth.waiting.delete(2);
  chat.left(home, 2, "taken");
  truth.waiting.delete(3);
  chat.left(home, 3, "cancelled");
  truth.requests.set("a", "allowed");
  chat.settled(home, "a", "allowed");
  chat.passed("s", "waiting_for_seat");
  chat.passed("s", "resume_failed");
  await settle();
}

describe("messages that stand in a chat", () => {
  it("show in the next life what is so, after whichever step the process was killed", async () => {
    let steps = 0;
    for (let isWhole = false; !isWhole; steps += 1) {
      const world = new World();
      const truth = new Truth();
      await story(await world.life(steps), truth);
      isWhole = world.shown.some(([text]) => text.includes("Allowed")) && steps > 30;
      const next = await world.life();
      for (const [request, state] of truth.requests) {
        if (state === "open") truth.requests.set(request, "expired");
      }
      next.chat.recall(truth);
      await settle();
      const texts = world.shown.map(([text]) => text);
      const buttons = world.shown.flatMap(([text, ...labels]) => labels.map((l) => [text, l]));
      // Only the message that waits can still be pressed, and each is there at most once.
      expect(buttons.filter(([, label]) => label !== "✖️ Cancel")).toEqual([]);
      expect(buttons.length).toBeLessThanOrEqual(1);
      expect(texts.filter((text) => text.startsWith("⏳ Queued")).length).toBe(buttons.length);
      expect(texts.filter((text) => text.includes("asks")).length).toBeLessThanOrEqual(2);
      for (const text of texts.filter((each) => each.includes("asks"))) {
        expect(text).toMatch(/Allowed|Expired/);
      }
      expect(next.file.all.map(({ kind }) => kind)).toEqual(buttons.map(() => "queued"));
      expect(next.log.of("error").concat(next.log.of("warn"))).toEqual([]);
      // Its notice works on.
      truth.waiting.delete(1);
      next.chat.left(home, 1, "cancelled");
      await settle();
      expect(world.shown.flatMap(([, ...labels]) => labels)).toEqual([]);
    }
    expect(steps).toBeLessThan(200);
  });

  it("that Telegram does not let us take away lose their buttons", async () => {
    const world = new World();
    world.canDelete = false;
    const { chat, file } = await world.life();
    await chat.waits(home, 1, why);
    chat.left(home, 1, "taken");
    await settle();
    expect(world.shown).toEqual([["⏳ Queued."]]);
    expect(file.all).toEqual([]);
  });

  it("of a group that has moved are not said anew, but for how a request ended", async () => {
    const world = new World();
    const life = await world.life();
    const told = story(life, new Truth());
    world.hasMoved = true;
    await told;
    life.chat.settled(home, "b", "denied");
    life.chat.left(home, 1, "taken");
    await settle();
    const anew = [...world.messages.values()].filter(({ id }) => id < 0);
    expect(anew.map(({ text }) => text.split("\n").at(-1))).toEqual(["✅ Allowed.", "🚫 Denied."]);
    expect(life.file.all).toEqual([]);
  });

  it("that could not be taken away before the bot ended are taken away by the next life", async () => {
    const world = new World();
    const { chat, stop } = await world.life();
    await chat.waits(home, 1, why);
    stop.abort();
    chat.left(home, 1, "taken");
    await settle();
    expect(world.shown).toHaveLength(1);
    (await world.life()).chat.recall(new Truth());
    await settle();
    expect(world.shown).toEqual([]);
  });

  it("of a message that a stop cancelled are said anew when it is brought back, and found by the next life", async () => {
    const world = new World();
    const truth = new Truth();
    const { chat } = await world.life();
    await chat.waits(home, 1, why);
    chat.left(home, 1, "cancelled");
    await settle();
    truth.waiting.add(1);
    await chat.waits(home, 1, { ...why, restoredBy: "abc" });
    await settle();
    const shown = [["✖️ Cancelled."], ["⏳ Queued.", "✖️ Cancel"]];
    expect(world.shown).toEqual(shown);
    const next = await world.life();
    next.chat.recall(truth);
    await next.chat.waits(home, 1, { ahead: 0, forDecision: true });
    await settle();
    expect(world.shown).toEqual(shown);
    next.chat.left(home, 1, "taken");
    await settle();
    expect(world.shown).toEqual(shown.slice(0, 1));
  });

  it("of a session make room for a newer one that says the same", async () => {
    const world = new World();
    const { chat } = await world.life();
    const stalled = {
      kind: "stalled",
      sessionId: "s",
      session: "w",
      turn: 1,
      tool: undefined,
    } as const;
    await chat.say(home, "s/1", { ...stalled, silentMs: 60_000, elapsedMs: 60_000 });
    await chat.say(home, "s/2", { ...stalled, silentMs: 120_000, elapsedMs: 120_000 });
    await settle();
    expect(world.shown.map(([text]) => /nothing for (\S+ \S+)/.exec(text)?.[1])).toEqual(["2 min"]);
    chat.passed("s", "stalled");
    await settle();
    expect(world.shown).toEqual([]);
  });

  it("are so many at most, in a file that is set aside when it is damaged", async () => {
    const world = new World();
    const { chat, file } = await world.life();
    for (let seq = 1; seq <= 2_001; seq += 1) void chat.waits(home, seq, why);
    await settle();
    expect(file.all).toHaveLength(2_000);
    world.disk = `nonsense\n${world.disk}`;
    const next = await world.life();
    expect(next.log.of("error").join()).toContain("record of placed messages is damaged");
    expect(next.file.all).toHaveLength(2_000);
  });
});
