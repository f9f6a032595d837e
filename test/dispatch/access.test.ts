import { describe, expect, it } from "vitest";
import { AccessGate, type AccessPolicy, type Refusal } from "../../shared/dispatch/access.ts";
import type { Update } from "../../shared/telegram/bot-api.ts";
import { ManualClock } from "../support/manual-clock.ts";

const friend = { id: 1, is_bot: false, first_name: "Friend" };
const stranger = { id: 666, is_bot: false, first_name: "Stranger" };
const group = { id: -100, type: "supergroup" };
type Person = typeof friend;

const update = (fields: object): Update => ({ update_id: 1, ...fields }) as Update;
const direct = (from: Person, text = "hello"): Update =>
  update({
    message: { message_id: 1, date: 1, chat: { id: from.id, type: "private" }, from, text },
  });
const inGroup = (from: Person, text = "hello"): Update =>
  update({ message: { message_id: 1, date: 1, chat: group, from, text } });
const press = (from: Person): Update =>
  update({
    callback_query: {
      id: "q1",
      from,
      chat_instance: "c",
      message: { message_id: 1, date: 1, chat: group },
    },
  });

interface Rig {
  readonly gate: AccessGate;
  readonly answers: Refusal[];
  readonly clock: ManualClock;
  readonly refusals: () => number;
}

function gate(policy: AccessPolicy): Rig {
  const clock = new ManualClock();
  const answers: Refusal[] = [];
  let refused = 0;
  const onRefused = (): void => {
    refused += 1;
  };
  const answer = (refusal: Refusal): void => void answers.push(refusal);
  const made = new AccessGate({ policy, clock, onRefused, answer });
  return { clock, answers, refusals: () => refused, gate: made };
}

const onlyFriend: AccessPolicy = { kind: "allowlist", users: new Set([1]), chats: new Set() };
const onlyGroup: AccessPolicy = { kind: "allowlist", users: new Set(), chats: new Set([-100]) };
const nobody: AccessPolicy = { kind: "allowlist", users: new Set(), chats: new Set() };

describe("the access policy", () => {
  it.each([
    ["open: anybody", { kind: "open" }, direct(stranger), true],
    ["open: even a poll", { kind: "open" }, update({ poll: { id: "1" } }), true],
    ["a listed user, direct", onlyFriend, direct(friend), true],
    ["a listed user in a group", onlyFriend, inGroup(friend), true],
    ["a listed user's press", onlyFriend, press(friend), true],
    ["a stranger, direct", onlyFriend, direct(stranger), false],
    ["a stranger's press below a message for somebody else", onlyFriend, press(stranger), false],
    ["a stranger in a listed group", onlyGroup, inGroup(stranger), true],
    ["a stranger's press in a listed group", onlyGroup, press(stranger), true],
    ["a stranger elsewhere", onlyGroup, direct(stranger), false],
    ["an inline query", onlyFriend, update({ inline_query: { id: "1", from: stranger } }), false],
    [
      "a reaction",
      onlyFriend,
      update({ message_reaction: { chat: group, user: stranger } }),
      false,
    ],
    ["an update without user and chat", onlyFriend, update({ poll: { id: "1" } }), false],
    ["an empty list", nobody, direct(friend), false],
    ["an update of no known shape", nobody, update({ strange: [1] }), false],
  ] as [string, AccessPolicy, Update, boolean][])("%s", (_, policy, each, expected) => {
    expect(gate(policy).gate.admit(each)).toBe(expected);
  });

  it("counts what it refuses and answers a stranger once an hour", async () => {
    const { gate: closed, answers, clock, refusals } = gate(onlyFriend);
    for (let count = 0; count < 5; count += 1) closed.admit(direct(stranger));
    expect(refusals()).toBe(5);
    expect(answers).toHaveLength(1);
    await clock.advance(3_599_999);
    closed.admit(direct(stranger));
    expect(answers).toHaveLength(1);
    await clock.advance(1);
    closed.admit(press(stranger));
    expect(answers[1]).toEqual({
      updateId: 1,
      userId: 666,
      chatId: -100,
      topicId: undefined,
      callbackQueryId: "q1",
    });
    expect(JSON.stringify(answers)).not.toContain("hello");
  });

  it("does not talk into groups whose members talk to each other, but answers their commands", () => {
    const { gate: closed, answers } = gate(onlyFriend);
    closed.admit(inGroup(stranger));
    closed.admit(update({ message_reaction: { chat: group, user: stranger } }));
    expect(answers).toEqual([]);
    closed.admit(inGroup(stranger, "/start"));
    expect(answers).toHaveLength(1);
  });

  it("remembers a bounded number of strangers", () => {
    const { gate: closed, answers, refusals } = gate(nobody);
    for (let id = 1; id <= 12_000; id += 1) closed.admit(direct({ ...stranger, id }));
    expect(answers).toHaveLength(10_000);
    expect(refusals()).toBe(12_000);
  });

  it("asked whether it would let somebody in tells nobody", () => {
    const { gate: door, answers, refusals } = gate(onlyFriend);
    expect([door.lets(direct(friend)), door.lets(direct(stranger))]).toEqual([true, false]);
    expect(answers).toEqual([]);
    expect(refusals()).toBe(0);
  });
});
