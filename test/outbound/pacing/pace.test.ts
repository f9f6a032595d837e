import { describe, expect, it } from "vitest";
import {
  afterFlood,
  afterSend,
  groupPace,
  isRested,
  type Pace,
  type PaceState,
  privatePace,
  readyInMs,
  restedChat,
  slownessAt,
  type Urgency,
} from "../../../shared/outbound/pacing/pace.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** Sends as early as it may, for so long; the instants of the sends. */
function sendAll(pace: Pace, forMs: number, urgency: () => Urgency = () => "urgent"): number[] {
  const sent: number[] = [];
  let state: PaceState = restedChat;
  for (let nowMs = 0; nowMs < forMs; ) {
    const waitMs = readyInMs(state, pace, urgency(), nowMs);
    if (waitMs > 0) nowMs += waitMs;
    else {
      sent.push(nowMs);
      state = afterSend(state, pace, nowMs);
    }
  }
  return sent;
}

function mostIn(sent: readonly number[], windowMs: number): number {
  return Math.max(
    ...sent.map((from) => sent.filter((at) => at >= from && at < from + windowMs).length),
  );
}

describe("the pace of a chat", () => {
  it("lets a short burst into a private chat, then one a second", () => {
    expect(sendAll(privatePace, 6_000)).toEqual([0, 0, 0, 1_000, 2_000, 3_000, 4_000, 5_000]);
  });

  it("never lets more than 20 a minute into a group, and nearly as many as that", () => {
    const sent = sendAll(groupPace, 10 * 60_000);
    expect(mostIn(sent, 60_000)).toBeLessThanOrEqual(20);
    expect(sent.length).toBeGreaterThan(190);
  });

  it("keeps room for an answer, however much progress there is", () => {
    const random = seededRandom(1);
    for (const pace of [privatePace, groupPace]) {
      let state: PaceState = restedChat;
      for (let nowMs = 0; nowMs < 5 * 60_000; nowMs += Math.floor(random() * 400)) {
        if (readyInMs(state, pace, "progress", nowMs) > 0) continue;
        expect(readyInMs(afterSend(state, pace, nowMs), pace, "answer", nowMs)).toBe(0);
        state = afterSend(state, pace, nowMs);
      }
    }
  });

  it("of a group always lets something urgent go at once, however many answers there are", () => {
    let state: PaceState = restedChat;
    for (let nowMs = 0; nowMs < 10 * 60_000; nowMs += 100) {
      if (readyInMs(state, groupPace, "answer", nowMs) > 0) continue;
      state = afterSend(state, groupPace, nowMs);
      expect(readyInMs(state, groupPace, "urgent", nowMs)).toBe(0);
    }
  });

  it("mixed at random stays within the limits of a group", () => {
    const random = seededRandom(2);
    const sent = sendAll(groupPace, 20 * 60_000, () => (random() < 0.7 ? "progress" : "answer"));
    expect(mostIn(sent, 60_000)).toBeLessThanOrEqual(20);
  });

  it("is silent for as long as Telegram asks, and begins again with one", () => {
    const flooded = afterFlood(restedChat, privatePace, 30_000, 0);
    expect(readyInMs(flooded, privatePace, "answer", 0)).toBe(30_000);
    expect(readyInMs(flooded, privatePace, "answer", 30_000)).toBe(0);
    const next = afterSend(flooded, privatePace, 30_000);
    expect(readyInMs(next, privatePace, "answer", 30_000)).toBeGreaterThan(1_000);
  });

  it("a shorter wait never shortens a longer one", () => {
    const long = afterFlood(restedChat, privatePace, 60_000, 0);
    expect(readyInMs(afterFlood(long, privatePace, 1_000, 10), privatePace, "answer", 10)).toBe(
      59_990,
    );
  });

  it("learns to be slower from each flood, up to a limit, and forgets it", () => {
    let state = afterFlood(restedChat, privatePace, 1_000, 0);
    expect(slownessAt(state, 0)).toBe(1.5);
    for (let count = 0; count < 20; count += 1) state = afterFlood(state, privatePace, 1_000, 0);
    expect(slownessAt(state, 0)).toBe(8);
    expect(slownessAt(state, 1_000 + 5 * 60_000)).toBe(4.5);
    expect(slownessAt(state, 2 * 3_600_000)).toBe(1);
  });

  it("is forgotten only when nothing of it matters any more", () => {
    const sent = afterSend(restedChat, groupPace, 0);
    expect(isRested(sent, groupPace, 60_000)).toBe(false);
    expect(isRested(sent, groupPace, 10 * 60_000)).toBe(true);
    const flooded = afterFlood(restedChat, groupPace, 1_000, 0);
    expect(isRested(flooded, groupPace, 10 * 60_000)).toBe(false);
    expect(isRested(flooded, groupPace, 3 * 3_600_000)).toBe(true);
  });
});
