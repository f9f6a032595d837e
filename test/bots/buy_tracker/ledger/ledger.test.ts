import { describe, expect, it } from "vitest";
import type { Buy } from "../../../../bots/buy_tracker/ledger/buy.ts";
import { Ledger } from "../../../../bots/buy_tracker/ledger/ledger.ts";
import type { PostPlace } from "../../../../bots/buy_tracker/ledger/post.ts";
import type { Block, Hash } from "../../../../shared/chain/chain.ts";

const here: PostPlace = { chatId: 1 };
const there: PostPlace = { chatId: 1, topicId: 5 };
const toHere = (): PostPlace[] => [here];
const always = (): boolean => true;

function block(number: number, fork = "a"): Block {
  const hash = (height: number): Hash => `0x${fork}${height}`;
  return { number, hash: hash(number), parentHash: hash(number - 1), timestampMs: number * 1_000 };
}

function buy(name: string, { number, hash }: Block, paid = 10n): Buy {
  return {
    key: name,
    pool: "0xd",
    block: { number, hash },
    transaction: `0x${name}`,
    atMs: number * 1_000,
    buyer: "0xb",
    bought: 20n,
    paid,
    holder: "new",
    fate: "there",
  };
}

/** A ledger whose first post, of these buys of block 1, was told as message 7. */
function toldLedger(...names: readonly string[]): Ledger {
  const ledger = new Ledger();
  ledger.ahead(
    block(1),
    names.map((name) => buy(name, block(1))),
    toHere,
  );
  for (const { id } of ledger.due(always)) {
    ledger.tell(id);
    ledger.told(id, 7);
  }
  return ledger;
}

const textChanges = (ledger: Ledger): string[] =>
  ledger.edits(always).map(({ post }) => post.said ?? "");

describe("the ledger of a chain", () => {
  it("gathers buys of one place until they are told, and others after that", () => {
    const ledger = new Ledger();
    ledger.ahead(block(1), [buy("a", block(1)), buy("b", block(1))], toHere);
    ledger.ahead(block(2), [buy("c", block(2))], () => [here, there]);
    const [first, second] = ledger.due(always);
    expect(first).toMatchObject({ place: here, buys: ["a", "b", "c"] });
    expect(second).toMatchObject({ place: there, buys: ["c"] });
    ledger.tell(first?.id ?? "");
    ledger.ahead(block(3), [buy("d", block(3))], toHere);
    ledger.ahead(block(4), [buy("e", block(4))], toHere);
    expect(ledger.due(always).map(({ buys }) => buys)).toEqual([["a", "b", "c"], ["c"]]);
    ledger.told(first?.id ?? "", 7);
    expect(ledger.due(always).map(({ buys }) => buys)).toEqual([["c"], ["d", "e"]]);
  });

  it("keeps a place waiting that was told something a moment ago, but not what is going out already", () => {
    const ledger = new Ledger();
    ledger.ahead(block(1), [buy("a", block(1))], () => [here, there]);
    const [first] = ledger.due(always);
    ledger.tell(first?.id ?? "");
    expect(ledger.due(() => false)).toEqual([expect.objectContaining({ id: first?.id })]);
  });

  it("looks at the same block again after a crash without telling anything twice", () => {
    const ledger = toldLedger("a");
    const { version } = ledger;
    ledger.ahead(block(1), [buy("a", block(1))], toHere);
    expect(ledger.due(always)).toEqual([]);
    expect(ledger.version).toBe(version);
  });

  it("waits some blocks before a buy that went missing counts as vanished", () => {
    const ledger = toldLedger("a", "b");
    ledger.back([block(1)]);
    expect(textChanges(ledger)).toEqual([]);
    ledger.ahead(block(1, "f"), [buy("b", block(1, "f"))], toHere);
    ledger.ahead(block(2, "f"), [], toHere);
    expect(textChanges(ledger)).toEqual([]);
    ledger.ahead(block(3, "f"), [], toHere);
    expect(textChanges(ledger)).toEqual(["gone 20 10, there 20 10"]);
    expect(ledger.recent(9).map(({ key }) => key)).toEqual(["b"]);
  });

  it("changes nothing where the same buy comes again in another block", () => {
    const ledger = toldLedger("a");
    ledger.back([block(1)]);
    ledger.ahead(block(1, "f"), [], toHere);
    ledger.ahead(block(2, "f"), [buy("a", block(2, "f"))], toHere);
    ledger.ahead(block(9, "f"), [], toHere);
    expect(textChanges(ledger)).toEqual([]);
    expect(ledger.due(always)).toEqual([]);
  });

  it("edits the amounts where the buy was filled otherwise in its new block, and back where a vanished one comes again", () => {
    const ledger = toldLedger("a");
    ledger.back([block(1)]);
    ledger.ahead(block(2, "f"), [buy("a", block(2, "f"), 11n)], toHere);
    expect(textChanges(ledger)).toEqual(["there 20 11"]);
    ledger.back([block(2, "f")]);
    ledger.ahead(block(8, "f"), [], toHere);
    expect(textChanges(ledger)).toEqual(["gone 20 11"]);
    ledger.ahead(block(9, "f"), [buy("a", block(9, "f"), 11n)], toHere);
    expect(textChanges(ledger)).toEqual(["there 20 11"]);
  });

  it("gives an edit again until the outbox has taken it", () => {
    const ledger = toldLedger("a");
    ledger.back([block(1)]);
    ledger.ahead(block(9, "f"), [], toHere);
    const [edit] = ledger.edits(always);
    expect(edit).toMatchObject({ messageId: 7, post: { revision: 1 } });
    const again = new Ledger(ledger.content).edits(always);
    expect(again).toEqual([edit]);
    if (edit !== undefined) ledger.editTaken(edit.post);
    expect(ledger.edits(always)).toEqual([]);
  });

  it("does not tell a buy that vanished before it was told, and waits while it is loose", () => {
    const ledger = new Ledger();
    ledger.ahead(block(1), [buy("a", block(1)), buy("b", block(1))], toHere);
    ledger.back([block(1)]);
    expect(ledger.due(always)).toEqual([]);
    ledger.ahead(block(9, "f"), [buy("b", block(9, "f"))], toHere);
    const [post] = ledger.due(always);
    expect(ledger.tell(post?.id ?? "")).toMatchObject({ buys: ["b"] });
    const other = new Ledger();
    other.ahead(block(1), [buy("a", block(1))], toHere);
    other.back([block(1)]);
    other.ahead(block(9, "f"), [], toHere);
    expect(other.tell(other.due(always)[0]?.id ?? "")).toBeUndefined();
    expect(other.due(always)).toEqual([]);
  });

  it("tells a buy that vanished before it was told when it is mined again, where it was not told", () => {
    const ledger = new Ledger();
    ledger.ahead(block(1), [buy("a", block(1)), buy("b", block(1))], () => [here, there]);
    const [first] = ledger.due(({ topicId }) => topicId === 5);
    expect(first?.place).toEqual(there);
    ledger.tell(first?.id ?? "");
    ledger.told(first?.id ?? "", 7);
    ledger.back([block(1)]);
    ledger.ahead(block(9, "f"), [buy("b", block(9, "f"))], () => [here, there]);
    const id = ledger.due(always)[0]?.id ?? "";
    expect(ledger.tell(id)).toMatchObject({ place: here, buys: ["b"] });
    ledger.told(id, 8);
    ledger.ahead(block(10, "f"), [buy("a", block(10, "f"))], () => [here, there]);
    expect(ledger.due(always)).toEqual([expect.objectContaining({ place: here, buys: ["a"] })]);
    expect(ledger.content.posts.map(({ buys }) => buys)).toEqual([["b"], ["a", "b"], ["a"]]);
  });

  it("tells it again under another name, even where it comes back in the very block that was gone", () => {
    const ledger = new Ledger();
    ledger.ahead(block(1), [buy("a", block(1)), buy("b", block(1))], toHere);
    ledger.back([block(1)]);
    ledger.ahead(block(9, "f"), [buy("b", block(9, "f"))], toHere);
    const id = ledger.due(always)[0]?.id ?? "";
    ledger.tell(id);
    ledger.told(id, 7);
    ledger.back([block(9, "f")]);
    ledger.ahead(block(1), [buy("a", block(1)), buy("b", block(1))], toHere);
    const [again] = ledger.due(always);
    expect(again?.buys).toEqual(["a"]);
    expect(again?.id).not.toBe(id);
  });

  it("forgets what cannot change any more, but keeps the newest buys and what is not told", () => {
    const ledger = new Ledger();
    for (let number = 1; number <= 400; number += 1) {
      ledger.ahead(block(number), [buy(`n${number}`, block(number))], toHere);
      for (const { id } of ledger.due(() => number <= 390)) {
        ledger.tell(id);
        ledger.told(id, number);
      }
    }
    const { buys, posts, trail } = ledger.content;
    expect(trail.length).toBe(128);
    expect(buys.length).toBe(128);
    expect(posts.length).toBe(118 + 1);
    expect(ledger.recent(2).map(({ key }) => key)).toEqual(["n400", "n399"]);
  });

  it("keeps nothing of a post that its chat did not take", () => {
    const ledger = new Ledger();
    ledger.ahead(block(1), [buy("a", block(1))], toHere);
    const id = ledger.due(always)[0]?.id ?? "";
    ledger.tell(id);
    ledger.told(id, undefined);
    ledger.back([block(1)]);
    ledger.ahead(block(9, "f"), [], toHere);
    expect(ledger.edits(always)).toEqual([]);
  });
});
