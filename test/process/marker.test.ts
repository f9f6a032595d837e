import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { identifySelf } from "../../shared/process/identity.ts";
import {
  findMarked,
  fleetId,
  formatMark,
  isOwnedBy,
  markEnvironment,
  markVariable,
  parseMark,
} from "../../shared/process/marker.ts";

const owner = { pid: 12, startTicks: 345, pidNamespace: "pid:[4026531836]" };

describe("a mark", () => {
  it.each([
    { fleet: "ab12", bot: "main", owner },
    { fleet: "a/b", bot: "100%/2F", owner: { ...owner, startTicks: null, pidNamespace: null } },
  ])("of $bot comes back as it went", (mark) => {
    expect(parseMark(formatMark(mark))).toEqual(mark);
    expect(formatMark(mark).split("/")).toHaveLength(3);
  });

  it.each([
    { session: "k3j9", process: "7" },
    { session: "a/b:100%3A", process: "%2F:" },
  ])("of an agent in session $session comes back as it went", (agent) => {
    const mark = { fleet: "ab12", bot: "main", owner, agent };
    expect(parseMark(formatMark(mark))).toEqual(mark);
    expect(formatMark(mark).split("/")).toHaveLength(4);
  });

  it("of an agent is still its bot's and its owner's", () => {
    const mark = { fleet: "ab12", bot: "main", owner, agent: { session: "k3j9", process: "7" } };
    expect(formatMark(mark)).toBe("ab12/main/12:345:pid:[4026531836]/k3j9:7");
    expect(isOwnedBy(mark, owner)).toBe(true);
  });

  it("can be read by a person", () => {
    expect(formatMark({ fleet: "ab12", bot: "main", owner })).toBe(
      "ab12/main/12:345:pid:[4026531836]",
    );
  });

  it.each([
    "",
    "ab12",
    "ab12/main",
    "ab12/main/x",
    "ab12//1:2:",
    "a/b/1:2:/c",
    "a/b/1:2:/c:",
    "a/b/1:2:/c:d/e",
  ])("is not made of %j", (text) => {
    expect(parseMark(text)).toBeUndefined();
  });

  it("tells one instance of its owner from the next with the same pid", () => {
    const mark = { fleet: "f", bot: "b", owner };
    expect(isOwnedBy(mark, owner)).toBe(true);
    expect(isOwnedBy(mark, { ...owner, startTicks: 346 })).toBe(false);
  });

  it("is owned by this process unless said otherwise", () => {
    const mark = parseMark(markEnvironment("f", "b")[markVariable] ?? "");
    if (mark === undefined) throw new Error("must be readable");
    expect(isOwnedBy(mark, identifySelf())).toBe(true);
  });
});

describe("fleetId", () => {
  it("is one for one directory, whichever way it is written", () => {
    const folder = mkdtempSync(join(tmpdir(), "fleet-id-"));
    try {
      symlinkSync(folder, join(folder, "link"));
      expect(fleetId(join(folder, "link"))).toBe(fleetId(folder));
      expect(fleetId(`${folder}/`)).toBe(fleetId(folder));
      expect(fleetId(join(folder, "other"))).not.toBe(fleetId(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("findMarked", () => {
  it("finds nobody where nobody is marked so", () => {
    expect(findMarked(({ fleet }) => fleet === "nobody has this one")).toEqual([]);
  });
});
