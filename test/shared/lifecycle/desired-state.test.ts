import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import {
  followDesiredState,
  forgetStopped,
  readDesiredState,
  rememberStopped,
  type StoppedBot,
  type StoppedBots,
} from "../../../shared/lifecycle/desired-state.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

let stateDir = "";
let file = "";
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "desired-"));
  file = join(stateDir, "supervisor/desired.yaml");
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const closed: StoppedBot = { since: "2026-01-01T00:00:00.000Z", by: "dev", how: "close" };
const names = async (): Promise<string[]> => [...(await readDesiredState(stateDir)).keys()];

describe("the desired state", () => {
  it("stops nobody where there is no file, and reading makes none", async () => {
    expect(await names()).toEqual([]);
    expect(readdirSync(stateDir)).toEqual([]);
  });

  it("remembers who is to stay down, since when, and by whom", async () => {
    expect(await rememberStopped(stateDir, "treasury", closed, systemClock)).toBe(true);
    const later = { ...closed, by: "somebody else" };
    expect(await rememberStopped(stateDir, "treasury", later, systemClock)).toBe(false);
    expect(await rememberStopped(stateDir, "gone_bot", later, systemClock)).toBe(true);
    expect(readFileSync(file, "utf8").split("\n").slice(2)).toEqual([
      "version: 1",
      "stopped:",
      "  treasury:",
      "    since: 2026-01-01T00:00:00.000Z",
      "    by: dev",
      "    how: close",
      "  gone_bot:",
      "    since: 2026-01-01T00:00:00.000Z",
      "    by: somebody else",
      "    how: close",
      "",
    ]);
    expect(await forgetStopped(stateDir, "treasury", systemClock)).toBe(true);
    expect(await forgetStopped(stateDir, "treasury", systemClock)).toBe(false);
    expect(await names()).toEqual(["gone_bot"]);
  });

  it("loses nothing when many write at once", async () => {
    const bots = Array.from({ length: 10 }, (_, index) => `bot_${index}`);
    await Promise.all(bots.map((bot) => rememberStopped(stateDir, bot, closed, systemClock)));
    expect((await names()).toSorted()).toEqual(bots);
  });

  it.each([
    [
      "a wrong word",
      "version: 1\nstopped:\n  main: {since: soon, by: x, how: close}\n",
      /:3:10: stopped\.main\.since/,
    ],
    ["a text that is no YAML", "version: [1", /desired\.yaml:1:/],
    ["a newer version", "version: 2\nstopped: {}\n", /:1:1: version/],
    ["nothing at all", "", /version/],
  ])("with %s is refused with its place, and stays where it is", async (_what, text, place) => {
    mkdirSync(join(stateDir, "supervisor"));
    writeFileSync(file, text);
    await expect(readDesiredState(stateDir)).rejects.toThrow(place);
    await expect(readDesiredState(stateDir)).rejects.toMatchObject({ exitCode: 78 });
    await expect(rememberStopped(stateDir, "main", closed, systemClock)).rejects.toThrow(place);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("is followed: each change is told once, a broken file is an error and changes nothing", async () => {
    const clock = new ManualClock();
    const log = recordingLog();
    await rememberStopped(stateDir, "main", closed, systemClock);
    const told: string[][] = [];
    let wake: (() => void) | undefined;
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    const onChange = (bots: StoppedBots): void => {
      told.push([...bots.keys()]);
      wake?.();
    };
    const follow = await followDesiredState({ stateDir, clock, log, onChange });
    expect([...follow.bots.keys()]).toEqual(["main"]);

    let change = next();
    await rememberStopped(stateDir, "treasury", closed, systemClock);
    await change;
    change = next();
    // In one step: a look at half a text would be another error.
    writeFileSync(`${file}.new`, "version: nonsense");
    renameSync(`${file}.new`, file);
    while (log.of("error").length === 0) await clock.advance(0);
    rmSync(file);
    await change;
    follow.end();
    expect(told).toEqual([["main", "treasury"], []]);
    expect(log.of("error")).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
