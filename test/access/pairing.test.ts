import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessPath, readAccess } from "../../shared/access/access-file.ts";
import { PairedPeople } from "../../shared/access/paired-people.ts";
import { offerCode, redeemCode, revoke } from "../../shared/access/pairing.ts";
import { systemClock } from "../../shared/clock.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { recordingLog } from "../support/recording-log.ts";

const ann = { id: 7, name: "Ann" };
const bob = { id: 8, name: "Bob" };

describe("pairing", () => {
  let dir: string;
  let path: string;
  let clock: ManualClock;
  const log = recordingLog();
  // The lock waits in real time; what expires goes by the manual clock.
  const tools = () => ({ clock: { ...systemClock, now: () => clock.now() }, log });
  const redeem = (code: string, person = ann) => redeemCode(path, code, person, tools());

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pairing-"));
    path = accessPath(dir, "main");
    clock = new ManualClock();
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it("lets one person in, once, at once", async () => {
    const people = new PairedPeople(path, log);
    expect(people.has(ann.id)).toBe(false);
    const code = await offerCode(path, tools());
    expect(await redeem(code)).toBe("let_in");
    expect(people.has(ann.id)).toBe(true);
    expect(await redeem(code, bob)).toBe("unknown");
    expect(people.has(bob.id)).toBe(false);
  });

  it("makes codes that are read without doubt, and understands them however they are typed", async () => {
    const code = await offerCode(path, tools());
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const typed = code.toLowerCase().replace("-", " ").replaceAll("1", "l").replaceAll("0", "o");
    expect(await redeem(typed)).toBe("let_in");
  });

  it("ends a code after ten minutes", async () => {
    const code = await offerCode(path, tools());
    const late = await offerCode(path, tools());
    await clock.advance(10 * 60_000 - 1);
    expect(await redeem(code)).toBe("let_in");
    await clock.advance(1);
    expect(await redeem(late, bob)).toBe("unknown");
  });

  it("keeps the newest ten codes", async () => {
    const codes: string[] = [];
    for (let count = 0; count < 11; count += 1) codes.push(await offerCode(path, tools()));
    expect(await redeem(codes[0] ?? "")).toBe("unknown");
    expect(await redeem(codes[1] ?? "")).toBe("let_in");
    expect(await redeem(codes[10] ?? "", bob)).toBe("let_in");
  });

  it("uses up no code for somebody who is in already", async () => {
    await redeem(await offerCode(path, tools()));
    const code = await offerCode(path, tools());
    expect(await redeem(code)).toBe("in_already");
    expect(await redeem(code, bob)).toBe("let_in");
  });

  it("gives a code to one of two who send it at the same moment", async () => {
    const code = await offerCode(path, tools());
    const results = await Promise.all([redeem(code), redeem(code, bob)]);
    expect(results.toSorted()).toEqual(["let_in", "unknown"]);
  });

  it("puts a person out at once", async () => {
    const people = new PairedPeople(path, log);
    await redeem(await offerCode(path, tools()));
    expect(people.has(ann.id)).toBe(true);
    expect(await revoke(path, ann.id, tools())).toBe(true);
    expect(people.has(ann.id)).toBe(false);
    expect(await revoke(path, ann.id, tools())).toBe(false);
  });

  it("keeps codes as hashes in a file for its owner alone, and names without tricks", async () => {
    const code = await offerCode(path, tools());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).not.toContain(code.slice(0, 5));
    await redeem(code, { id: 9, name: "\u001b[31mEve\u202e\n" });
    expect((await readAccess(path, tools())).people).toMatchObject([{ id: 9, name: "[31mEve" }]);
    expect(log.lines.join("\n")).not.toContain(code);
  });

  it("lets nobody in by a broken file, says so once, and sets it aside at the next change", async () => {
    await redeem(await offerCode(path, tools()));
    writeFileSync(path, '{"version":1,"people":[{"id":7');
    const people = new PairedPeople(path, log);
    const before = log.lines.length;
    expect([people.has(ann.id), people.has(ann.id)]).toEqual([false, false]);
    expect(log.lines.length - before).toBe(1);
    await redeem(await offerCode(path, tools()), bob);
    expect(readdirSync(join(dir, "access")).some((name) => name.includes(".broken-"))).toBe(true);
    expect([people.has(ann.id), people.has(bob.id)]).toEqual([false, true]);
  });
});
