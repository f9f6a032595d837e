import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { type Closed, closeListener } from "../../shared/lifecycle/close-listener.ts";
import { openListener } from "../../shared/lifecycle/listener.ts";
import { peekRecords } from "../../shared/lifecycle/listener-records.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { eventsOf, startCloser, startListener } from "../support/listener-program.ts";
import type { Program } from "../support/program.ts";
import { recordingLog } from "../support/recording-log.ts";
import { seededRandom } from "../support/seeded-random.ts";

/** Pairs in CI; by hand `LIFECYCLE_ROUNDS=500`. */
const rounds = Number(process.env["LIFECYCLE_ROUNDS"] ?? 50);
/** Listeners that start at the same time; starting them is most of a round. */
const batchSize = 5;
/** A close or an ordered stop takes 5 to 30 ms here: the two meet at every step of each other. */
const jitterMs = 40;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "close-races-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = seededRandom(Number(process.env["LIFECYCLE_SEED"] ?? 4));
const pause = (): Promise<void> => systemClock.sleep(random() * jitterMs);
const close = (root: string): Promise<Closed> =>
  closeListener({ root, by: "the test", clock: systemClock });

async function soon<Result>(action: () => Result | Promise<Result>): Promise<Result> {
  await pause();
  return await action();
}

interface Race {
  readonly root: string;
  readonly listener: Program;
}

type Contest = (race: Race) => Promise<void>;

/** Two who end one listener at the same moment. */
const contests: Readonly<Record<string, Contest>> = {
  async "close and SIGTERM"({ root, listener }) {
    await Promise.all([soon(() => close(root)), soon(() => listener.kill("SIGTERM"))]);
  },
  async "close and SIGKILL"({ root, listener }) {
    await Promise.all([soon(() => close(root)), soon(() => listener.kill("SIGKILL"))]);
  },
  async "close and close"({ root }) {
    const both = await Promise.all([soon(() => close(root)), soon(() => close(root))]);
    expect(both.map(({ result }) => result).toSorted()).toEqual(["already_closed", "closed"]);
  },
  async "SIGTERM and SIGKILL"({ listener }) {
    listener.kill("SIGTERM");
    await soon(() => listener.kill("SIGKILL"));
  },
  /** The closer itself dies, between any two of its writes. */
  async "close and SIGKILL of who closes"({ root, listener }) {
    const closer = startCloser(root);
    await closer.printed(/ready/);
    closer.child.stdin?.write("now\n");
    await soon(() => closer.kill("SIGKILL"));
    await closer.end();
    if (random() < 0.5) listener.kill("SIGTERM");
  },
};

async function round(number: number): Promise<string> {
  const root = join(folder, String(number));
  const listener = startListener(root);
  const kind = Object.keys(contests)[number % Object.keys(contests).length] ?? "";
  await listener.printed(/running/);
  await contests[kind]?.({ root, listener });
  // Whoever still listens is closed now. Who was killed is left for the next start to find.
  const killed = kind === "SIGTERM and SIGKILL";
  const last = killed ? undefined : await close(root);
  await listener.end();

  const options = { holder: identifySelf(), label: "main", clock: systemClock };
  const next = await openListener({ root, log: recordingLog(), ...options });
  const events = eventsOf(root);
  const ends = events.filter((event) => ["stopped", "failed", "close", "crashed"].includes(event));
  expect(ends, `${kind}: ${events.join(" ")}`).toHaveLength(1);
  expect(events.slice(-2)).toEqual([ends[0], "start"]);
  const lines = readFileSync(join(root, "history.md"), "utf8").trimEnd().split("\n").slice(4);
  expect(lines, "no torn lines").toHaveLength(events.length);

  await next.stopped("the test is over");
  const { lease, state } = await peekRecords(root);
  expect(lease).toMatchObject({ id: next.leaseId, status: "inactive", epoch: 2 });
  expect(state).toMatchObject({ lease: next.leaseId, lease_active: false, last_event: "stopped" });
  expect(eventsOf(root)).toEqual([...events, "stopped"]);
  return `${kind}, ${ends[0]}${last?.result === "closed" ? " (by the last close)" : ""}`;
}

describe("ending one listener twice at once", () => {
  it(`leaves one end and one event, over ${rounds} pairs`, {
    timeout: 30_000 + rounds * 3_000,
  }, async () => {
    const tally = new Map<string, number>();
    for (let first = 0; first < rounds; first += batchSize) {
      const batch = Array.from({ length: Math.min(batchSize, rounds - first) }, (_, index) =>
        round(first + index),
      );
      for (const outcome of await Promise.all(batch))
        tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    }
    const table = [...tally]
      .map(([outcome, count]) => `${outcome}: ${count}`)
      .toSorted((a, b) => a.localeCompare(b));
    if (process.env["LIFECYCLE_ROUNDS"] !== undefined)
      process.stdout.write(`${table.join("\n")}\n`);
    expect([...tally.values()].reduce((sum, count) => sum + count, 0)).toBe(rounds);
  });
});
