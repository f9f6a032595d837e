import { describe, expect, it } from "vitest";
import { burstsIn, firstBurst } from "../../../../../bots/main/sessions/queue/burst.ts";

/** `<how>@<second>`; nothing: of an older journal. */
function queueOf(texts: readonly string[]) {
  return texts.map((text) => {
    const [as = "", atS = ""] = text.split("@");
    return { text, sent: text === "" ? undefined : { as, atS: Number(atS) } };
  });
}

it("a queue is the turns that come", () => {
  const queue = queueOf(["alone@5", "album 1@5", "album 1@5", "forwarded@9"]);
  const turns = burstsIn(queue).map((burst) => burst.map(({ text }) => text));
  expect(turns).toEqual([["alone@5"], ["album 1@5", "album 1@5"], ["forwarded@9"]]);
  expect(burstsIn([])).toEqual([]);
});

describe("the next turn takes", () => {
  it.each<[what: string, queue: string[], taken: number]>([
    ["nothing of an empty queue", [], 0],
    ["one message of two that were sent in the same second", ["alone@5", "alone@5"], 1],
    ["an album", ["album 1@5", "album 1@9", "album 1@9", "alone@9"], 3],
    ["one album of two", ["album 1@5", "album 2@5"], 1],
    ["what was forwarded at once", ["forwarded@5", "forwarded@6", "forwarded@7"], 3],
    ["no forwarded message that came later", ["forwarded@5", "forwarded@7"], 1],
    ["no forwarded message behind another one", ["forwarded@5", "alone@5", "forwarded@5"], 1],
    ["a comment without what was forwarded behind it", ["alone@5", "forwarded@5"], 1],
    ["all parts of a long text, and the short rest", ["long@5", "long@5", "alone@6", "alone@6"], 3],
    ["no answer to a long text that came later", ["long@5", "alone@7"], 1],
    ["one of an older journal", ["", ""], 1],
  ])("%s", (_what, queue, taken) => {
    expect(firstBurst(queueOf(queue)).map(({ text }) => text)).toEqual(queue.slice(0, taken));
  });
});
