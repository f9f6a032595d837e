import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { EndedMessage } from "../../../shared/outbound/delivery/ports.ts";
import {
  AnswerJournal,
  type JournalOptions,
} from "../../../shared/outbound/durable/answer-journal.ts";
import { AnswerNotStoredError } from "../../../shared/outbound/durable/storage-trouble.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

const clock = new ManualClock();
const log = recordingLog();
const root = mkdtempSync(join(tmpdir(), "answer-journal-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function open(storage: MemoryStorage, options: Partial<JournalOptions> = {}) {
  return AnswerJournal.open({ path: "", botId: 7, clock, log, storage, ...options });
}

function hello(text = "hello") {
  return { method: "sendMessage", params: { chat_id: 1, text } };
}

describe("the journal of answers", () => {
  it("an accepted answer is safe on the disk, and found by the next life", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    expect(await journal.accept(hello(), "a")).toMatchObject({ state: "new", seq: 1 });
    expect(storage.safe).toEqual(storage.content);
    const [found] = (await open(storage)).unsent;
    expect(found).toMatchObject({ seq: 1, id: "a", unknownLives: 0, ...hello() });
  });

  it("keeps on whose behalf an answer is said, for its parts and its next lives, and tells it at the end", async () => {
    const storage = new MemoryStorage();
    const cause = { updates: [7, 8], attempt: 2, turn: 3 };
    const first = await open(storage);
    await first.accept({ ...hello(), cause }, "a");
    await first.accept(hello("of nobody"));
    await first.replace(1, [hello("he"), hello("llo")]);
    await first.close();
    const ended: EndedMessage[] = [];
    const journal = await open(storage, { onEnded: (message) => ended.push(message) });
    const [one = 0, two = 0, nobody = 0] = journal.unsent.map(({ seq }) => seq);
    journal.sent(one, [100]);
    journal.failed(two, "refused");
    journal.sent(nobody, [101]);
    const base = { place: { chatId: 1 }, sinceMs: clock.now() };
    expect(ended).toEqual([
      { ...base, cause, ending: { state: "sent", messageIds: [100] } },
      { ...base, cause, ending: { state: "failed", reason: "refused" } },
      { ...base, cause: undefined, ending: { state: "sent", messageIds: [101] } },
    ]);
  });

  it("reads what an earlier release wrote, which knew of no behalf", async () => {
    const line = { t: "accepted", seq: 1, id: "answer 7/99/1", atMs: 5, ...hello() };
    const head = { t: "head", v: 1, botId: 7, next: 1 };
    const journal = await open(
      new MemoryStorage(`${JSON.stringify(head)}\n${JSON.stringify(line)}\n`),
    );
    expect(journal.unsent).toMatchObject([{ seq: 1, id: "answer 7/99/1" }]);
  });

  it("that an attempt begins is safe before it begins; what came back never began", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    await journal.accept(hello("a"));
    await journal.accept(hello("b"));
    await Promise.all([journal.sending(1), journal.sending(2)]);
    expect(storage.safe).toEqual(storage.content);
    journal.takeBack(2);
    await journal.close();
    const unsent = (await open(storage)).unsent.map(({ seq, unknownLives }) => ({
      seq,
      unknownLives,
    }));
    expect(unsent).toEqual([
      { seq: 1, unknownLives: 1 },
      { seq: 2, unknownLives: 0 },
    ]);
  });

  it("counts the attempts of several lives", async () => {
    const storage = new MemoryStorage();
    await (await open(storage)).accept(hello());
    for (let life = 1; life <= 3; life += 1) {
      const journal = await open(storage);
      expect(journal.unsent[0]?.unknownLives).toBe(life - 1);
      await journal.sending(1);
    }
  });

  it("a life counts once, however often it tried, and however often the file is written anew", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage, { compactAtBytes: 10 });
    await journal.accept(hello());
    for (let attempt = 0; attempt < 20; attempt += 1) await journal.sending(1);
    expect(storage.count("replace")).toBeGreaterThan(2);
    expect((await open(storage)).unsent[0]?.unknownLives).toBe(1);
  });

  it("only what was sent is remembered, over restarts; what failed is accepted again, with its doubt", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    for (const id of ["a", "b", "c", "d"]) await journal.accept(hello(id), id);
    journal.sent(1, [41, 42]);
    journal.failed(2, "chat not found");
    await journal.sending(3);
    journal.failed(3, "timed out");
    await journal.close();
    for (const next of [await open(storage), await open(storage)]) {
      expect(next.unsent.map(({ id }) => id)).toEqual(["d"]);
      expect(await next.accept(hello(), "a")).toEqual({ state: "sent", messageIds: [41, 42] });
      expect(await next.accept(hello(), "b")).toMatchObject({
        state: "new",
        mayHaveArrived: false,
      });
      expect(await next.accept(hello(), "c")).toMatchObject({ state: "new", mayHaveArrived: true });
      expect(await next.accept(hello(), "d")).toEqual({ state: "waiting", seq: 4 });
      for (const { seq } of next.unsent.filter(({ id }) => id !== "d")) next.failed(seq, "tidied");
      await next.close();
    }
  });

  it("the same id twice at once is one answer", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    const both = await Promise.all([journal.accept(hello(), "a"), journal.accept(hello(), "a")]);
    expect(both).toEqual([
      { state: "new", seq: 1, mayHaveArrived: false },
      { state: "waiting", seq: 1 },
    ]);
    expect(journal.unsent).toHaveLength(1);
  });

  it("a thousand answers at once need a handful of syncs", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => journal.accept(hello(String(n)))));
    expect(storage.count("sync")).toBeLessThan(5);
    expect((await open(storage)).unsent).toHaveLength(1_000);
  });

  it("a full disk refuses with what to do; the id is free again and nothing comes back", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    storage.break("append", "ENOSPC", 20);
    await expect(journal.accept(hello(), "a")).rejects.toThrow(AnswerNotStoredError);
    await expect(journal.accept(hello(), "a")).rejects.toThrow(
      "memory/answers.jsonl: the disk is full; free some space (ENOSPC)",
    );
    storage.heal();
    expect((await open(storage)).unsent).toEqual([]);
    expect(await journal.accept(hello(), "a")).toMatchObject({ state: "new" });
  });
});

describe("the file", () => {
  it("is written anew when it has grown, and forgets nothing that waits", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage, { compactAtBytes: 4_000 });
    for (let number = 1; number <= 500; number += 1) {
      await journal.accept(hello("x".repeat(50)), `id ${number}`);
      if (number % 100 !== 0) journal.sent(number, [number]);
    }
    await journal.close();
    expect(storage.count("replace")).toBeGreaterThan(3);
    const next = await open(storage);
    expect(next.unsent.map(({ seq }) => seq)).toEqual([100, 200, 300, 400, 500]);
    expect(await next.accept(hello(), "id 1")).toMatchObject({ state: "sent" });
  });

  it("what is accepted at the very moment of writing anew is in it", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage, { compactAtBytes: 500 });
    const accepted: Promise<unknown>[] = [];
    for (let number = 0; number < 300; number += 1) {
      accepted.push(journal.accept(hello(String(number))));
      if (number % 7 === 0) await accepted.at(-1);
    }
    await Promise.all(accepted);
    expect((await open(storage)).unsent).toHaveLength(300);
  });

  it("that cannot be written anew grows on", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage, { compactAtBytes: 100 });
    storage.break("replace", "ENOSPC");
    for (let number = 0; number < 20; number += 1) await journal.accept(hello());
    storage.heal();
    expect((await open(storage)).unsent).toHaveLength(20);
  });

  it("that cannot be opened after it was written anew takes no promise until it can", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage, { compactAtBytes: 100 });
    storage.break("open", "EMFILE");
    await journal.accept(hello("before"));
    await expect(journal.accept(hello("refused"))).rejects.toThrow(AnswerNotStoredError);
    storage.heal();
    await expect(journal.accept(hello("refused too"))).rejects.toThrow(AnswerNotStoredError);
    await journal.accept(hello("after"));
    const texts = (await open(storage)).unsent.map(({ params }) => params["text"]);
    expect(texts).toEqual(["before", "after"]);
  });

  it("forgets ids after two days", async () => {
    const storage = new MemoryStorage();
    const later = new ManualClock();
    const options = { path: "", botId: 7, clock: later, log, storage };
    const journal = await AnswerJournal.open(options);
    await journal.accept(hello(), "a");
    journal.sent(1, [5]);
    await journal.close();
    await later.advance(49 * 3_600_000);
    await AnswerJournal.open(options);
    expect(storage.lines).toEqual([{ t: "head", v: 1, botId: 7, next: 2 }]);
  });

  it("a half line at its end was never promised and is cut off", async () => {
    const storage = new MemoryStorage();
    await (await open(storage)).accept(hello());
    storage.content = Buffer.concat([storage.content ?? Buffer.alloc(0), Buffer.from('{"t":"acc')]);
    const journal = await open(storage);
    expect(journal.unsent).toHaveLength(1);
    expect(storage.aside).toEqual([]);
    expect(storage.text).not.toContain('{"t":"acc\n');
  });

  it("that is damaged is set aside as it was; what can be read goes on", async () => {
    const storage = new MemoryStorage();
    const journal = await open(storage);
    for (const text of ["a", "b", "c"]) await journal.accept(hello(text));
    const damaged = storage.text.replace('"text":"b"', '"text":\u0000"b"');
    storage.content = Buffer.from(damaged);
    const next = await open(storage);
    expect(next.unsent.map(({ params }) => params["text"])).toEqual(["a", "c"]);
    expect(storage.aside.map(String)).toEqual([damaged]);
    expect(log.of("error").at(-1)).toContain("damagedLines=[3]");
  });

  it("of another bot is set aside: its answers are not ours to give", async () => {
    const storage = new MemoryStorage();
    await (await open(storage, { botId: 8 })).accept(hello());
    expect((await open(storage)).unsent).toEqual([]);
    expect(storage.aside).toHaveLength(1);
  });

  it("on a real disk is for its owner alone, and a broken one stays beside the new one", async () => {
    const path = join(root, "outbox", "main", "answers.jsonl");
    const options = { path, botId: 7, clock, log };
    const journal = await AnswerJournal.open(options);
    await journal.accept(hello("on disk"), "a");
    await journal.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toContain("on disk");
    writeFileSync(path, `${readFileSync(path, "utf8")}nonsense\n`);
    const next = await AnswerJournal.open(options);
    expect(next.unsent).toHaveLength(1);
    await next.close();
    expect(readdirSync(join(root, "outbox", "main")).length).toBe(2);
  });

  it("that the system refuses is told with its place", async () => {
    const storage = new MemoryStorage();
    storage.break("replace", "EACCES");
    await expect(open(storage)).rejects.toThrow("permission is denied");
  });
});
