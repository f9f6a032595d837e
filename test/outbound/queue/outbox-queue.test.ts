import { describe, expect, it } from "vitest";
import { Entry } from "../../../shared/outbound/queue/entry.ts";
import type { ItemKind, Outcome, Place } from "../../../shared/outbound/queue/item.ts";
import { OutboxQueue } from "../../../shared/outbound/queue/outbox-queue.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const names = new Map<Entry, string>();

function entry(
  kind: ItemKind,
  chatId: number,
  name: string,
  key?: string,
  variant?: string,
): Entry {
  const made = new Entry({
    kind,
    place: { chatId },
    enqueuedMs: 0,
    compose: () => undefined,
    ...(key === undefined ? {} : { key }),
    ...(variant === undefined ? {} : { variant }),
  });
  names.set(made, name);
  return made;
}

function urgent(chatId: number, name: string): Entry {
  const made = new Entry({
    kind: "answer",
    isUrgent: true,
    place: { chatId },
    enqueuedMs: 0,
    compose: () => undefined,
  });
  names.set(made, name);
  return made;
}

function filled(...entries: Entry[]): OutboxQueue {
  const queue = new OutboxQueue();
  for (const each of entries) queue.add(each);
  return queue;
}

/** Takes one after the other, each at once done, as long as something may go. */
function drain(queue: OutboxQueue, readyInMs: (place: Place) => number = () => 0): string[] {
  const order: string[] = [];
  for (;;) {
    const pick = queue.pick(0, (_, place) => readyInMs(place));
    if (pick === undefined || "waitMs" in pick) return order;
    queue.take(pick.entry);
    order.push(names.get(pick.entry) ?? "?");
    if (pick.entry.place !== undefined) queue.release(pick.entry.place);
  }
}

function outcomeOf(of: Entry): Outcome | undefined {
  let found: Outcome | undefined;
  of.onEnd((outcome) => {
    found = outcome;
  });
  return found;
}

describe("what goes next", () => {
  it("answers before deletions before edits before typing, calls before all", () => {
    const queue = filled(
      entry("action", 1, "typing"),
      entry("edit", 1, "edit", "k"),
      entry("deletion", 1, "deletion"),
      entry("answer", 1, "answer"),
      entry("call", 1, "call"),
    );
    expect(drain(queue)).toEqual(["call", "answer", "deletion", "edit", "typing"]);
  });

  it("an answer of one chat goes before an edit of another", () => {
    expect(drain(filled(entry("edit", 1, "e", "k"), entry("answer", 2, "a")))).toEqual(["a", "e"]);
  });

  it("urgent answers go before all other answers, those of their own conversation too, and in order", () => {
    const queue = filled(
      entry("answer", 1, "1a"),
      entry("answer", 2, "2a"),
      urgent(2, "2 first"),
      urgent(2, "2 second"),
      entry("answer", 2, "2b"),
    );
    expect(queue.depths.answers).toBe(5);
    expect(drain(queue)).toEqual(["2 first", "2 second", "1a", "2a", "2b"]);
  });

  it("conversations take turns, however much one has to say", () => {
    const queue = filled(
      ...["1a", "1b", "1c"].map((name) => entry("answer", 1, name)),
      ...["2a", "2b"].map((name) => entry("answer", 2, name)),
      entry("answer", 3, "3a"),
    );
    expect(drain(queue)).toEqual(["1a", "2a", "3a", "1b", "2b", "1c"]);
  });

  it("newcomers do not overtake those who wait", () => {
    const queue = filled(entry("answer", 1, "1a"), entry("answer", 1, "1b"));
    const order: string[] = [];
    for (let number = 0; number < 4; number += 1) {
      queue.add(entry("answer", 100 + number, `new ${number}`));
      const pick = queue.pick(0, () => 0);
      if (pick === undefined || "waitMs" in pick) throw new Error("nothing to pick");
      queue.take(pick.entry);
      order.push(names.get(pick.entry) ?? "?");
      if (pick.entry.place !== undefined) queue.release(pick.entry.place);
    }
    expect(order).toEqual(["1a", "new 0", "1b", "new 1"]);
  });

  it("one conversation has one on its way, the topics of a group each have one", () => {
    const queue = filled(entry("answer", 1, "a"), entry("answer", 1, "b"));
    const first = queue.pick(0, () => 0);
    if (first === undefined || "waitMs" in first) throw new Error("nothing to pick");
    queue.take(first.entry);
    expect(queue.pick(0, () => 0)).toBeUndefined();
    queue.release({ chatId: 1 });
    expect(drain(queue)).toEqual(["b"]);
  });

  it("tells how long to wait when every chat has to", () => {
    const queue = filled(entry("answer", 1, "a"), entry("answer", 2, "b"));
    expect(queue.pick(0, (_, { chatId }) => (chatId === 1 ? 700 : 300))).toEqual({ waitMs: 300 });
    expect(new OutboxQueue().pick(0, () => 0)).toBeUndefined();
  });

  it("nothing leaves before it is safe, and nothing of its conversation overtakes it", () => {
    const held = entry("answer", 1, "held");
    held.isHeld = true;
    const queue = filled(held, entry("answer", 1, "later"), entry("answer", 2, "other"));
    expect(drain(queue)).toEqual(["other"]);
    held.isHeld = false;
    expect(drain(queue)).toEqual(["held", "later"]);
  });
});

describe("edits", () => {
  it("a newer one takes the place of the waiting one, and both have its outcome", () => {
    const [first, second] = [entry("edit", 1, "k1", "k"), entry("edit", 1, "k2", "k")];
    const queue = filled(first, entry("edit", 1, "other", "o"), second);
    expect(queue.depths.edits).toBe(2);
    expect(drain(queue)).toEqual(["k2", "other"]);
    second.end({ state: "sent", result: true, messageIds: [] });
    expect(outcomeOf(first)?.state).toBe("sent");
  });

  it("never overtakes another variant of the same message", () => {
    const queue = filled(
      entry("edit", 1, "text A", "m", "text"),
      entry("edit", 1, "keys", "m", "markup"),
      entry("edit", 1, "text B", "m", "text"),
    );
    expect(drain(queue)).toEqual(["text A", "keys", "text B"]);
  });

  it("one that comes back is taken over by a newer one", () => {
    const [old, newer] = [entry("edit", 1, "old", "k"), entry("edit", 1, "new", "k")];
    const queue = filled(old);
    queue.take(old);
    queue.add(newer);
    queue.putBack(old);
    queue.release({ chatId: 1 });
    expect(drain(queue)).toEqual(["new"]);
  });

  it("are dropped by the final answer, the waiting, the returning and the late ones", () => {
    const [waiting, flying] = [entry("edit", 1, "w", "k"), entry("edit", 2, "f", "k")];
    const queue = filled(waiting, flying);
    queue.take(flying);
    queue.finish("k");
    queue.putBack(flying);
    const dropped = { state: "dropped", reason: "superseded" };
    expect([outcomeOf(waiting), outcomeOf(flying)]).toEqual([dropped, dropped]);
    expect(queue.isFinished("k")).toBe(true);
    expect(queue.depths.edits).toBe(0);
  });

  it("make room for answers when the queue is full", () => {
    const queue = new OutboxQueue({ total: 3, answersPerConversation: 10 });
    const edit = entry("edit", 1, "e", "k");
    for (const each of [edit, entry("answer", 1, "a"), entry("answer", 2, "b")]) queue.add(each);
    expect(queue.isFull).toBe(true);
    expect(queue.hasRoomForAnswer({ chatId: 3 })).toBe(true);
    expect(outcomeOf(edit)).toEqual({ state: "dropped", reason: "full" });
    queue.add(entry("answer", 3, "c"));
    expect(queue.hasRoomForAnswer({ chatId: 3 })).toBe(false);
  });
});

it("one typing action waits per conversation", () => {
  expect(drain(filled(entry("action", 1, "t1"), entry("action", 1, "t2")))).toEqual(["t2"]);
});

it("keeps order and count through random interleavings", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seededRandom(seed);
    const queue = new OutboxQueue();
    const sent = new Map<number, number[]>();
    const flying: Entry[] = [];
    let added = 0;
    let taken = 0;
    for (let step = 0; step < 200; step += 1) {
      const dice = random();
      if (dice < 0.4) {
        added += 1;
        queue.add(entry("answer", 1 + Math.floor(random() * 4), String(added)));
      } else if (dice < 0.75) {
        const pick = queue.pick(0, () => (random() < 0.3 ? 5 : 0));
        if (pick === undefined || "waitMs" in pick) continue;
        queue.take(pick.entry);
        flying.push(pick.entry);
      } else {
        const [done] = flying.splice(Math.floor(random() * flying.length), 1);
        if (done?.place === undefined) continue;
        if (random() < 0.3) queue.putBack(done);
        else {
          taken += 1;
          const chat = Number(done.place.chatId);
          sent.set(chat, [...(sent.get(chat) ?? []), Number(names.get(done))]);
        }
        queue.release(done.place);
      }
    }
    expect(queue.depths.answers + flying.length + taken, `seed ${seed}`).toBe(added);
    for (const order of sent.values()) {
      expect(order, `seed ${seed}`).toEqual(order.toSorted((a, b) => a - b));
    }
  }
});
