import { expect, it } from "vitest";
import type { Update } from "../../../shared/telegram/bot-api.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { LogBench, never, range } from "./log-bench.ts";

/** JSON of any shape, with line ends, odd letters and names that matter elsewhere. */
function oddJson(random: () => number, depth: number): unknown {
  const names = [
    "chat",
    "from",
    "message",
    "id",
    "__proto__",
    "seq",
    "v",
    "is_topic_message",
    "\n",
  ];
  const pick = <T>(items: readonly T[]): T | undefined =>
    items[Math.floor(random() * items.length)];
  switch (Math.floor(random() * (depth > 0 ? 8 : 6))) {
    case 0:
      return null;
    case 1:
      return Math.floor(random() * 1e15) - 5e14;
    case 2:
      return random() < 0.5;
    case 3:
      return pick(["", "line\nend", "\u2028", "\u0000", "\ud800", '"}\n{"v":1', "😀"]);
    case 4:
      return random() * 1e-9;
    case 5:
      return "x".repeat(Math.floor(random() * 2_000));
    case 6:
      return Array.from({ length: Math.floor(random() * 3) }, () => oddJson(random, depth - 1));
    default:
      return JSON.parse(
        `{${Array.from({ length: Math.floor(random() * 4) }, (_, index) => `${JSON.stringify(`${pick(names) ?? ""}${index > 1 ? index : ""}`)}:${JSON.stringify(oddJson(random, depth - 1))}`).join(",")}}`,
      ) as unknown;
  }
}

it("keeps 10,000 malformed and unknown updates as they are", async () => {
  const random = seededRandom(10_000);
  const bench = new LogBench();
  const writer = await bench.open({ bytes: 1_000_000, records: 10_000 });
  const updates = range(1, 10_000).map(
    (id) => ({ update_id: id, [`kind_${id % 40}`]: oddJson(random, 4) }) as unknown as Update,
  );
  for (let from = 0; from < updates.length; from += 100) {
    await writer.append(updates.slice(from, from + 100), never);
  }
  const records = await bench.records();
  expect(records.map(({ update }) => JSON.stringify(update))).toEqual(
    updates.map((update) => JSON.stringify(update)),
  );
  expect(bench.log.of("error")).toEqual([]);
  await writer.close();
  expect((await bench.open()).nextOffset()).toBe(10_001);
});
