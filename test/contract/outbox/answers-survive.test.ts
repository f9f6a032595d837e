import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type FixtureProcess, killFixtures, startFixture } from "../../support/fixture-process.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { CountingServer, type Seen } from "./counting-server.ts";

const rounds = Number(process.env["OUTBOX_ROUNDS"] ?? 10);
const answers = 500;
const mostKills = 6;
const mark = /\n\n\(sent again/;

const cleanups: (() => unknown)[] = [];
async function cleanUp(): Promise<void> {
  await killFixtures();
  for (const cleanup of cleanups.splice(0)) await cleanup();
}
afterEach(cleanUp);

interface Round {
  readonly seen: readonly Seen[];
  readonly accepted: ReadonlySet<number>;
  readonly kills: number;
}

async function playRound(seed: number): Promise<Round> {
  const random = seededRandom(seed);
  const stateDir = mkdtempSync(join(tmpdir(), "outbox-crash-"));
  const server = await CountingServer.start(random);
  server.resetsPerMille = 5;
  cleanups.push(
    () => server.stop(),
    () => {
      rmSync(stateDir, { recursive: true, force: true });
    },
  );
  const accepted = new Set<number>();
  let kills = 0;
  for (let isDone = false; !isDone; ) {
    // What was accepted is the outbox's business now; a few are handed over again, as after an update handled again.
    const list = Array.from({ length: answers }, (_, n) => n).filter(
      (number) => !accepted.has(number) || random() < 0.05,
    );
    const sender = startFixture("outbox-sender.ts", [stateDir, server.url, JSON.stringify(list)]);
    sender.child.on("message", (message: { type: string; number?: number }) => {
      if (message.type === "accepted" && message.number !== undefined) accepted.add(message.number);
    });
    await sender.next("open");
    isDone = kills >= mostKills ? await ended(sender) : await endedBefore(sender, random() * 250);
    if (!isDone) {
      await sender.kill();
      kills += 1;
    }
  }
  return { seen: server.seen, accepted, kills };
}

async function ended(sender: FixtureProcess): Promise<true> {
  await sender.next("done");
  await sender.exited;
  return true;
}

async function endedBefore(sender: FixtureProcess, ms: number): Promise<boolean> {
  const killed = new AbortController();
  const done = ended(sender).catch(() => false);
  const isDone = await Promise.race([done, pause(ms, false, { signal: killed.signal })]);
  killed.abort();
  return isDone;
}

describe("a sender that is killed at random moments while 500 answers go out", () => {
  it(`loses none, and sends none twice without a mark (${rounds} rounds)`, {
    timeout: 60_000 + rounds * 40_000,
  }, async () => {
    const totals = { kills: 0, marked: 0, requests: 0 };
    for (let seed = 1; seed <= rounds; seed += 1) {
      const { seen, accepted, kills } = await playRound(seed);
      const plain = seen.filter(({ text }) => !mark.test(text)).map(({ text }) => text);
      const arrived = new Set(seen.map(({ text }) => text.split("\n")[0]));
      const lost = [...accepted].filter((number) => !arrived.has(`answer ${number}`));
      expect(lost, `round ${seed}: lost`).toEqual([]);
      expect(accepted.size, `round ${seed}: accepted`).toBe(answers);
      const twice = plain.filter((text, at) => plain.indexOf(text) !== at);
      expect(twice, `round ${seed}: twice without a mark`).toEqual([]);
      for (let chat = 1; chat <= 10; chat += 1) {
        const order = plain.length === 0 ? [] : numbersOf(seen, chat);
        expect(order, `round ${seed}: order in chat ${chat}`).toEqual(
          order.toSorted((a, b) => a - b),
        );
      }
      await cleanUp();
      totals.kills += kills;
      totals.marked += seen.length - plain.length;
      totals.requests += seen.length;
    }
    console.log(
      `${rounds} rounds of ${answers} answers: ${totals.kills} kills, ${totals.requests} requests, ${totals.marked} of them marked repeats`,
    );
    expect(totals.kills).toBeGreaterThan(rounds);
  });
});

/** In the order in which each first arrived, marked or not. */
function numbersOf(seen: readonly Seen[], chatId: number): number[] {
  const firsts = seen.filter((one) => one.chatId === chatId).map(({ text }) => parseNumber(text));
  return [...new Set(firsts)];
}

function parseNumber(text: string): number {
  return Number(/^answer (\d+)/.exec(text)?.[1]);
}
