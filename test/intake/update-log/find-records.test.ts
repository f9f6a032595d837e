import { expect, it } from "vitest";
import { findRecords } from "../../../shared/intake/update-log/find-records.ts";
import { message } from "../updates.ts";
import { LogBench, messages, never } from "./log-bench.ts";

const wanted = (id: number) => ({
  mayBe: (line: string) => line.includes(`"id":${id}`),
  isMeant: ({ updateId }: { readonly updateId: number }) => updateId === id,
});

async function filled(): Promise<LogBench> {
  const bench = new LogBench();
  const writer = await bench.open({ bytes: 100_000, records: 3 });
  for (let first = 1; first <= 13; first += 3)
    await writer.append(messages(first, first + 2), never);
  await writer.close();
  return bench;
}

it.each([1, 5, 15])("finds update %i, in whatever segment it stands", async (id) => {
  const { found } = await findRecords((await filled()).storage, wanted(id));
  expect(found.map(({ updateId }) => updateId)).toEqual([id]);
});

it("says what was looked through for one that is not there", async () => {
  const { found, oldest, newest, isPartial } = await findRecords(
    (await filled()).storage,
    wanted(99),
  );
  expect([found, oldest?.updateId, newest?.updateId, isPartial]).toEqual([[], 1, 15, false]);
});

it("changes nothing, and a damaged line costs that line only", async () => {
  const bench = await filled();
  const before = bench.storage.operations.length;
  const { found } = await findRecords(bench.storage, {
    mayBe: () => true,
    isMeant: ({ update }) => update.update_id === message(14).update_id,
  });
  expect(found).toHaveLength(1);
  const later = bench.storage.operations.slice(before);
  expect(later.filter((operation) => /append|create|truncate|remove|sync/.test(operation))).toEqual(
    [],
  );
});
