import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import { errorMessage } from "../../../shared/errors.ts";
import { closeListener } from "../../../shared/lifecycle/close-listener.ts";
import type { Listener } from "../../../shared/lifecycle/lease-handle.ts";
import {
  abandonedAfterMs,
  type OpenListener,
  openListener,
} from "../../../shared/lifecycle/listener.ts";
import { LeaseHeldError } from "../../../shared/lifecycle/listener-errors.ts";
import { editorPauseMs, peekRecords } from "../../../shared/lifecycle/listener-records.ts";
import { parseEntry } from "../../../shared/lifecycle/records/history.ts";
import { identifySelf } from "../../../shared/process/identity.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

let folder = "";
let root = "";
let clock = new ManualClock();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "listener-"));
  root = join(folder, "listeners/main");
  clock = new ManualClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(more: Partial<OpenListener> = {}): Promise<Listener> {
  const holder = identifySelf();
  return openListener({ root, holder, label: "main", clock, log: recordingLog(), ...more });
}
const close = () => closeListener({ root, by: "dev", clock });
const text = (name: string): string => readFileSync(join(root, name), "utf8");
const history = (): string[] =>
  text("history.md")
    .split("\n")
    .flatMap((line) => parseEntry(line)?.event ?? []);
const unseeing = () => "unknown" as const;
const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    const tell = (): void => resolve(errorMessage(signal.reason));
    if (signal.aborted) tell();
    else signal.addEventListener("abort", tell, { once: true });
  });

/** Lets the short pauses pass, and only those, until the promise is settled. */
async function advancing<Result>(promise: Promise<Result>): Promise<Result> {
  const progress = { settled: false };
  const done = promise.finally(() => {
    progress.settled = true;
  });
  while (!progress.settled)
    await clock.advance(clock.nextTimerInMs === editorPauseMs ? editorPauseMs : 0);
  return await done;
}

describe("a listener", () => {
  it("writes lease, state and history from its start to its stop, and leaves no timer", async () => {
    const listener = await open();
    expect(await peekRecords(root)).toMatchObject({
      lease: { id: listener.leaseId, status: "active", epoch: 1, holder: { label: "main" } },
      state: { status: "starting", lease_active: true, last_event: "start" },
    });
    await listener.running();
    await listener.stopping("sigterm");
    await listener.stopping("supervisor_lost");
    await listener.stopped("later");
    expect(await peekRecords(root)).toMatchObject({
      lease: { status: "inactive", released_by: "main" },
      state: { status: "stopped", lease_active: false, last_event: "stopped", cause: "sigterm" },
    });
    expect(history()).toEqual(["start", "running", "stopping", "stopped"]);
    expect(clock.pendingTimers).toBe(0);
    expect(listener.closed.aborted).toBe(false);
    expect(readdirSync(root).toSorted()).toEqual(["history.md", "lease.yaml", "state.yaml"]);
  });

  it("saves progress once a minute and not in between", async () => {
    const listener = await open();
    await listener.running();
    const before = text("state.yaml");
    for (let second = 0; second < 59; second += 1) {
      listener.progress({ lastPollMs: clock.now(), offset: 100 + second, epoch: 6 });
      await clock.advance(1_000);
    }
    expect(text("state.yaml")).toBe(before);
    await clock.advance(1_000);
    // Queued behind the renewal.
    await listener.running();
    expect(await peekRecords(root)).toMatchObject({
      lease: { epoch: 6, renewed: "2026-01-01T00:01:00.000Z" },
      state: {
        last_poll: "2026-01-01T00:00:58.000Z",
        offset: 158,
        updated: "2026-01-01T00:01:00.000Z",
      },
    });
    await listener.stopped("sigterm");
    expect(history()).toEqual(["start", "running", "stopped"]);
  });

  it("saves the last progress with its stop", async () => {
    const listener = await open();
    listener.progress({ offset: 9 });
    await listener.stopped("sigterm");
    expect((await peekRecords(root)).state?.offset).toBe(9);
  });

  it("records an end by an error", async () => {
    const listener = await open();
    await listener.failed(new Error("no route\nto host"));
    expect((await peekRecords(root)).state).toMatchObject({
      status: "failed",
      error: "no route to host",
      cause: "no route to host",
    });
  });

  it("sees a close, finishes, and adds no second event", async () => {
    const listener = await open();
    await listener.running();
    expect(await close()).toMatchObject({ result: "closed", holder: { pid: process.pid } });
    expect(await aborted(listener.closed)).toBe("closed by dev");
    await listener.stopping("closed");
    listener.progress({ offset: 12 });
    await listener.stopped("closed");
    expect(history()).toEqual(["start", "running", "close"]);
    expect((await peekRecords(root)).state).toMatchObject({
      last_event: "close",
      offset: 12,
      finished: "2026-01-01T00:00:00.000Z",
    });
    expect((await close()).result).toBe("already_closed");
    expect(history()).toEqual(["start", "running", "close"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("sees that a person made its lease inactive", async () => {
    const listener = await open();
    writeFileSync(join(root, "lease.yaml"), text("lease.yaml").replace(": active", ": inactive"));
    expect(await advancing(aborted(listener.closed))).toContain("by hand");
    await listener.stopped("closed");
    expect(history()).toEqual(["start", "close"]);
  });

  it.each([
    ["is gone", () => rmSync(join(root, "lease.yaml")), /lease.yaml is gone/],
    [
      "is broken",
      () => writeFileSync(join(root, "lease.yaml"), "status: [active"),
      /lease\.yaml:1:/,
    ],
  ])(
    "refuses to guess when its lease %s, and still writes its own end",
    async (_what, harm, cause) => {
      const log = recordingLog();
      const listener = await open({ log });
      harm();
      expect(await advancing(aborted(listener.closed))).toMatch(cause);
      await advancing(listener.stopped("lease lost"));
      expect(history()).toEqual(["start", "stopped"]);
      expect((await peekRecords(root)).lease).toBeUndefined();
      expect((await peekRecords(root)).state).toMatchObject({
        status: "stopped",
        lease_active: false,
      });
      expect(log.of("error").join()).toMatch(_what === "is broken" ? /lease\.yaml\.broken-/ : /^$/);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it("ends calmly when its whole folder is gone", async () => {
    const log = recordingLog();
    const listener = await open({ log });
    rmSync(root, { recursive: true });
    expect(await advancing(aborted(listener.closed))).toMatch(/lease.yaml is gone/);
    await listener.stopping("lease lost");
    await listener.stopped("lease lost");
    expect(log.of("error")[0]).toContain("the folder of the lifecycle files is gone");
    expect(clock.pendingTimers).toBe(0);
  });

  it("is refused while another lives, naming that one", async () => {
    const listener = await open();
    const refusal = await open().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LeaseHeldError);
    expect(refusal).toMatchObject({ exitCode: 75, holder: { pid: process.pid, label: "main" } });
    expect(String(refusal)).toContain(`main, pid ${process.pid} on `);
    await listener.stopped("sigterm");
    const next = await open();
    expect(next.epoch).toBe(2);
    await next.stopped("sigterm");
  });

  it("closes the lease of a dead one as crashed, keeps the history and continues the epoch", async () => {
    const dead = await open({ epoch: 7 });
    await dead.running();
    const log = recordingLog();
    const next = await open({ judge: () => "dead", log });
    expect(history()).toEqual(["start", "running", "crashed", "start"]);
    expect(next.epoch).toBe(8);
    expect(log.of("warn")).toHaveLength(1);
    // The older one, if it was not dead after all, learns it and writes nothing any more.
    expect(await aborted(dead.closed)).toMatch(
      /^(taken for dead by|another listener followed:) main, pid/,
    );
    await dead.stopped("sigterm");
    expect((await peekRecords(root)).lease?.id).toBe(next.leaseId);
    await next.stopped("sigterm");
    expect(history()).toEqual(["start", "running", "crashed", "start", "stopped"]);
  });

  it("waits for the silence of one that it cannot see", async () => {
    const unseen = await open();
    await unseen.running();
    const refusal = await open({ judge: unseeing }).catch((error: unknown) => error);
    expect(String(refusal)).toMatch(/cannot be seen from here.* 0 s old, and after 5 minutes/);
    // Its clock stands still, so it never renews.
    const later = new ManualClock(clock.now() + abandonedAfterMs + 1);
    const next = await open({ judge: unseeing, clock: later });
    expect(history()).toEqual(["start", "running", "crashed", "start"]);
    await next.stopped("sigterm");
    await unseen.stopped("sigterm");
  });

  it("sweeps the drafts of writers that died", async () => {
    const first = await open();
    await first.stopped("sigterm");
    writeFileSync(join(root, ".lease.yaml.1-ab.tmp"), "half");
    writeFileSync(join(root, "notes.tmp"), "a person's");
    const next = await open();
    expect(readdirSync(root)).not.toContain(".lease.yaml.1-ab.tmp");
    expect(readdirSync(root)).toContain("notes.tmp");
    await next.stopped("sigterm");
  });
});

describe("closing", () => {
  it("fails where nothing was started, and makes nothing", async () => {
    await expect(close()).rejects.toThrow(/^Nothing was started in .*listeners\/main/);
    await expect(close()).rejects.toMatchObject({ exitCode: 1 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves one event of twenty who close at once", async () => {
    const listener = await open();
    // The lock's waiting is real here: nobody moves a manual clock for it.
    const closers = Array.from({ length: 20 }, (_, index) =>
      closeListener({ root, by: `dev ${index}`, clock: systemClock }),
    );
    const results = await Promise.all(closers);
    expect(results.filter(({ result }) => result === "closed")).toHaveLength(1);
    await listener.stopped("closed");
    expect(history()).toEqual(["start", "close"]);
  });
});
