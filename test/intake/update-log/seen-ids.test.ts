import { describe, expect, it } from "vitest";
import { SeenIds } from "../../../shared/intake/update-log/seen-ids.ts";
import { message } from "../updates.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** Ids taken one after the other, an hour apart from time 0 on. */
function seen(ids: readonly number[], limit = 10): SeenIds {
  const known = new SeenIds(limit);
  for (const [index, id] of ids.entries()) known.take(message(id), index * hour, false);
  return known;
}

describe("the rule for repeats", () => {
  it.each([
    ["the first id of all", [], 5, 0, "new"],
    ["the next id", [5], 6, 1, "new"],
    ["an id behind a gap", [5], 900_000, 1, "new"],
    ["an id that is remembered", [5, 6, 7], 6, 3, "repeat"],
    ["an id that is remembered, after a week less an hour", [5], 5, 7 * 24 - 1, "repeat"],
    ["an id that is remembered, after a week of silence", [5], 5, 7 * 24, "anew"],
    ["a lower id that was never taken, while nothing was forgotten", [5, 7], 4, 2, "anew"],
    ["a lower id that may be forgotten", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1, 13, "repeat"],
    [
      "a lower id, forgotten more than two days ago",
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      1,
      60,
      "anew",
    ],
    ["an id further back than Telegram's queue", [900_000, 900_001], 592, 2, "anew"],
  ])("%s", (_, ids, id, hours, verdict) => {
    expect(seen(ids).judge(message(id), hours * hour)).toBe(verdict);
  });

  it("takes another update under a remembered id for what it is: the server's ids started anew", () => {
    const known = seen([1, 2, 3]);
    const { message: content } = message(2) as { message: object };
    const other = { update_id: 2, message: { ...content, date: 77 } } as ReturnType<typeof message>;
    expect(known.judge(other, 3 * hour)).toBe("anew");
  });

  it("follows ids down, and then knows the new ones", () => {
    const known = seen([760_546_622]);
    const first = message(592_426_180);
    expect(known.judge(first, hour)).toBe("anew");
    known.take(first, hour, true);
    expect(known.newest?.top).toBe(592_426_180);
    expect(known.judge(first, hour)).toBe("repeat");
    expect(known.judge(message(592_426_181), hour)).toBe("new");
  });

  it("judges a batch in a draft that goes no further", () => {
    const known = seen([1, 2]);
    const draft = known.draft();
    draft.take(message(3), 2 * hour, false);
    expect(draft.judge(message(3), 2 * hour)).toBe("repeat");
    expect(draft.judge(message(2), 2 * hour)).toBe("repeat");
    expect(known.judge(message(3), 2 * hour)).toBe("new");
  });

  it("knows nothing below the ids it begins behind, for two days", () => {
    const known = new SeenIds();
    known.startBehind({ top: 500, receivedAtMs: 0 });
    expect(known.judge(message(500), hour)).toBe("repeat");
    expect(known.judge(message(499), 2 * day)).toBe("anew");
    expect(known.judge(message(501), hour)).toBe("new");
  });
});
