import { describe, expect, it } from "vitest";
import { range } from "../intake/update-log/log-bench.ts";
import { message } from "../intake/updates.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { DispatchBench, deliver, type Life, settle } from "./dispatch-bench.ts";

/** What the outside world saw of one update: it outlives the process. */
interface Run {
  readonly id: number;
  readonly chat: number;
  readonly attempt: number;
}

describe("a bot that is killed again and again", () => {
  it("handles every update, in the order of its conversation, and repeats only what was in hand", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seededRandom(seed);
      const bench = new DispatchBench();
      const finished: Run[] = [];
      let lastId = 0;
      const live = async (): Promise<Life> => {
        let isAlive = true;
        const life = await bench.start(async ({ updateId, key }, { attempt }) => {
          for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await settle(1);
          if (isAlive) finished.push({ id: updateId, chat: Number(key), attempt });
          else await new Promise(() => undefined);
        });
        return {
          ...life,
          kill: () => {
            isAlive = false;
            life.kill();
          },
        };
      };
      for (let round = 0; round < 8; round += 1) {
        const life = await live();
        for (let batch = Math.floor(random() * 6); batch > 0; batch -= 1) {
          const count = 1 + Math.floor(random() * 10);
          const updates = range(lastId + 1, lastId + count).map((id) =>
            message(id, 1 + Math.floor(random() * 5)),
          );
          await life.writer.append(updates, new AbortController().signal);
          lastId += count;
          await settle(Math.floor(random() * 6));
        }
        life.kill();
      }
      const last = await live();
      await settle(200);

      const ids = new Set(finished.map(({ id }) => id));
      expect(
        [...ids].toSorted((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual(range(1, lastId));
      const seen = new Set<number>();
      const unmarked = finished.filter(({ id, attempt }) => {
        const isRepeat = seen.has(id);
        seen.add(id);
        return isRepeat && attempt === 1;
      });
      expect(unmarked, `seed ${seed}`).toEqual([]);
      for (const chat of [1, 2, 3, 4, 5]) {
        const first = [...new Set(finished.filter((run) => run.chat === chat).map(({ id }) => id))];
        expect(first, `seed ${seed}, chat ${chat}`).toEqual(first.toSorted((a, b) => a - b));
      }
      await last.stop();
      expect(bench.deadLetters.letters, `seed ${seed}`).toEqual([]);
    }
  });

  it("gives up the one update that kills it, and none of those that were in hand beside it", async () => {
    const bench = new DispatchBench();
    const poison = 17;
    const finished: number[] = [];
    let lives = 0;
    for (let isDone = false; !isDone; ) {
      lives += 1;
      expect(lives).toBeLessThan(10);
      let isAlive = true;
      const life = await bench.start(async ({ updateId }) => {
        await settle(2);
        if (!isAlive) await new Promise(() => undefined);
        if (updateId === poison) {
          isAlive = false;
          life.kill();
          await new Promise(() => undefined);
        }
        finished.push(updateId);
      });
      if (lives === 1)
        await deliver(
          life,
          range(1, 30).map((id) => message(id, id)),
        );
      await settle(200);
      isDone = isAlive;
      if (isDone) await life.stop();
    }
    expect(bench.deadLetters.letters.map(({ updateId }) => updateId)).toEqual([poison]);
    expect(bench.deadLetters.letters[0]).toMatchObject({ attempts: 5 });
    expect(lives).toBe(6);
    const handled = [...new Set(finished)].toSorted((a, b) => a - b);
    expect(handled).toEqual(range(1, 30).filter((id) => id !== poison));
  });
});
