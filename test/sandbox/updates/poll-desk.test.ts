import { beforeEach, describe, expect, it } from "vitest";
import {
  conflictText,
  type PollAnswer,
  PollDesk,
} from "../../../supervisor/sandbox/updates/poll-desk.ts";
import { UpdateQueue } from "../../../supervisor/sandbox/updates/update-queue.ts";
import { ManualClock } from "../../support/manual-clock.ts";

let clock: ManualClock;
let queue: UpdateQueue;
let desk: PollDesk;
let log: string[];

function arrive(id: number): void {
  queue.push({ id, expiresAtMs: clock.now() + 60_000, body: `"message":{}`, bytes: 12 });
  desk.wake();
}

/** Starts a poll and writes its end into the log: `name@second: what`. */
function poll(name: string, offset: number, timeoutSeconds: number): void {
  const answered = async (): Promise<void> => {
    const answer = await desk.poll({ offset, limit: 100, timeoutSeconds });
    log.push(`${name}@${clock.monotonic() / 1000}: ${describeAnswer(answer)}`);
  };
  void answered();
}

function describeAnswer(answer: PollAnswer): string {
  if (answer.kind === "updates") return `[${answer.updates.map(({ id }) => id).join(" ")}]`;
  if (answer.kind !== "conflict") return answer.kind;
  return answer.description === conflictText.otherPoll ? "409 other" : "409 webhook";
}

beforeEach(() => {
  clock = new ManualClock();
  queue = new UpdateQueue();
  desk = new PollDesk(queue, clock);
  log = [];
});

describe("parking", () => {
  it("lasts until the timeout, and is answered with nothing", async () => {
    poll("a", 0, 20);
    await clock.advance(19_999);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(["a@20: []"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends a moment after an update came, with everything that came in that moment", async () => {
    poll("a", 0, 20);
    await clock.advance(5000);
    arrive(1);
    arrive(2);
    await clock.advance(1);
    expect(log).toEqual(["a@5.001: [1 2]"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not happen with timeout 0, nor with something pending", async () => {
    poll("a", 0, 0);
    arrive(1);
    poll("b", 1, 30);
    await clock.advance(0);
    expect(log).toEqual(["a@0: []", "b@0: [1]"]);
  });

  it("aborts the call parked before, which gets the 409", async () => {
    poll("old", 1, 30);
    await clock.advance(4000);
    poll("new", 1, 30);
    await clock.advance(0);
    expect(log).toEqual(["old@4: 409 other"]);
    arrive(1);
    await clock.advance(1);
    expect(log).toEqual(["old@4: 409 other", "new@4.001: [1]"]);
  });

  it("is not disturbed by a call with timeout 0", async () => {
    poll("parked", 1, 30);
    await clock.advance(1000);
    poll("probe", 2, 0);
    await clock.advance(0);
    expect(log).toEqual(["probe@1: []"]);
    expect(desk.parked).toBe(true);
  });

  it("happens to a quick repeat with timeout 0, for 3 s", async () => {
    poll("a", 0, 0);
    await clock.advance(1000);
    poll("b", 0, 0);
    await clock.advance(3000);
    expect(log).toEqual(["a@0: []", "b@4: []"]);
  });

  it("applies a negative offset once, on arrival", async () => {
    arrive(1);
    poll("a", -1, 30);
    await clock.advance(1000);
    queue.read(2, 1, clock.now());
    poll("b", -1, 30);
    await clock.advance(1000);
    arrive(2);
    arrive(3);
    await clock.advance(1);
    expect(log).toEqual(["a@0: [1]", "b@2.001: [2 3]"]);
  });
});

describe("two pollers", () => {
  it("both get what is pending, and nobody sees a 409", async () => {
    arrive(1);
    poll("a", 0, 30);
    poll("b", 1, 30);
    await clock.advance(0);
    expect(log).toEqual(["a@0: [1]", "b@0: [1]"]);
  });

  it("alternate; the first 409 is immediate, further ones within 3 s come 3 s late", async () => {
    poll("a", 1, 30);
    await clock.advance(1000);
    poll("b", 1, 30);
    await clock.advance(1000);
    poll("a2", 1, 30);
    await clock.advance(10_000);
    expect(log).toEqual(["a@1: 409 other", "b@5: 409 other"]);
    poll("b2", 1, 30);
    await clock.advance(0);
    expect(log.at(-1)).toBe("a2@12: 409 other");
  });
});

describe("the webhook", () => {
  it("ends a parked poll with its own text, under the same throttle", async () => {
    poll("a", 1, 30);
    await clock.advance(1000);
    desk.abort(conflictText.setWebhook);
    await clock.advance(0);
    expect(log).toEqual(["a@1: 409 webhook"]);
    void desk.refuse(conflictText.webhookActive).then(() => log.push(`late@${clock.monotonic()}`));
    await clock.advance(3000);
    expect(log.at(-1)).toBe("late@4000");
  });
});

describe("closing", () => {
  it("answers everybody and leaves no timer", async () => {
    poll("a", 1, 30);
    poll("b", 1, 30);
    poll("c", 1, 30);
    desk.close();
    poll("d", 1, 30);
    await clock.advance(0);
    expect(log.toSorted()).toEqual([
      "a@0: 409 other",
      "b@0: closing",
      "c@0: closing",
      "d@0: closing",
    ]);
    expect(clock.pendingTimers).toBe(0);
  });
});
