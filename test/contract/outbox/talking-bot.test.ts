import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallRecord } from "../../../supervisor/sandbox/calls/journal.ts";
import { eventually } from "../../support/program.ts";
import { Dialog } from "../intake/dialog.ts";

interface Seen {
  readonly message_id: number;
  readonly text?: string;
  readonly rich_message?: unknown;
  readonly reply_markup?: unknown;
  readonly edit_date?: number;
}

let dialog: Dialog;
let forum: number;
let topic: number;

beforeAll(async () => {
  dialog = await Dialog.open({ fixture: "talking-bot.mjs" });
  const { user } = dialog.sandbox;
  forum = user.createChat({
    type: "supergroup",
    title: "Work",
    is_forum: true,
    members: [dialog.me],
    bots: [dialog.botId],
  }).id;
  topic = user.createTopic(forum, "session").threadId;
  dialog.bots.start();
});

afterAll(() => dialog.close());

interface Room {
  readonly chat: number;
  readonly topic?: number;
}

function say(text: string, room: Room): number {
  const thread = room.topic === undefined ? {} : { message_thread_id: room.topic };
  return dialog.sandbox.user.say(room.chat, { from: dialog.me, text, ...thread }).message_id;
}

function saidAfter(messageId: number, { chat, topic: thread }: Room): Seen[] {
  return dialog.sandbox.user
    .messages(chat, thread, 500)
    .filter(({ message_id, from }) => message_id > messageId && from?.id === dialog.botId);
}

/** What stands there at the end, when it fits. */
function standing(
  messageId: number,
  room: Room,
  fits: (said: readonly Seen[]) => boolean,
): Promise<Seen[]> {
  return eventually(
    () => {
      const said = saidAfter(messageId, room);
      return fits(said) ? said : undefined;
    },
    () => JSON.stringify(saidAfter(messageId, room)) + dialog.bots.output,
    30_000,
  );
}

const callsSince = (seq: number): readonly CallRecord[] =>
  dialog.sandbox.user.calls({ since: seq });
const lastSeq = (): number => dialog.sandbox.user.calls({ limit: 1 }).at(-1)?.seq ?? 0;
const joined = (said: readonly Seen[]): string => said.map(({ text }) => text).join(" ");
const isDone = (said: readonly Seen[]): boolean => said[0]?.text?.startsWith("Done") === true;

const rooms: [string, () => Room, RegExp][] = [
  ["a private chat", () => ({ chat: dialog.chat }), /^sendMessageDraft$/],
  ["a topic of a group", () => ({ chat: forum, topic }), /^editMessageText$/],
];

describe.each(rooms)("a bot's live text in %s", (_, roomOf, progress) => {
  it("grows there and ends with the final message, once", async () => {
    const seq = lastSeq();
    const asked = say("stream 600", roomOf());
    const said = await standing(asked, roomOf(), (all) => isDone(all) && all.length === 1);
    expect(said[0]?.text).toMatch(/word 0059$/);
    const methods = callsSince(seq).map(({ method }) => method);
    expect(methods.some((method) => progress.test(method))).toBe(true);
    expect(methods).toContain("sendChatAction");
    const finals = callsSince(seq).filter(
      ({ method, parameters }) =>
        method === "sendMessage" && String(parameters["text"]).startsWith("Done"),
    );
    expect(finals).toHaveLength(1);
  });

  it("stays whole over 4,096 characters", async () => {
    const room = roomOf();
    // Plain messages, not one rich one, are what is too long here.
    const asked = say("/rich off", room);
    await standing(asked, room, (all) => /off/.test(joined(all)));
    const streamed = say("stream 6000", room);
    const said = await standing(
      streamed,
      room,
      (all) => all.length === 2 && isDone(all) && joined(all).endsWith("word 0599"),
    );
    expect(joined(said).match(/word \d{4}/g)).toHaveLength(600);
    for (const { text = "" } of said) expect(text.length).toBeLessThanOrEqual(4_096);
  });

  it("is a rich message where that suits the text and the chat has not turned it off", async () => {
    const room = roomOf();
    const asked = say("/rich on", room);
    await standing(asked, room, (all) => /: on/.test(joined(all)));
    const streamed = say("stream 6000", room);
    const said = await standing(streamed, room, (all) =>
      all.some(({ rich_message }) => rich_message),
    );
    expect(JSON.stringify(said.find(({ rich_message }) => rich_message))).toContain("word 0599");
  });
});

describe("an answer that no update caused", () => {
  it("goes out once with its keyboard, is edited under its id and taken away after a restart", async () => {
    const room = { chat: forum, topic };
    const seq = lastSeq();
    const asked = say("notice", room);
    const [notice] = await standing(
      asked,
      room,
      (all) => all.length === 1 && all[0]?.edit_date !== undefined,
    );
    expect(notice?.text).toBe("Session resumed");
    const sent = callsSince(seq).filter(({ method }) => method === "sendMessage");
    expect(sent).toHaveLength(1);
    expect(String(sent[0]?.parameters["reply_markup"])).toContain("Stop");

    await dialog.bots.restart();
    say("remove", room);
    await standing(asked, room, (all) => all.length === 0);
    expect(callsSince(seq).filter(({ method }) => method === "sendMessage")).toHaveLength(1);
  });
});

it("ctx.reply with a text that is too long for one message goes in parts, its keyboard under the last", async () => {
  const room = { chat: dialog.chat };
  const asked = say("reply 9000", room);
  const said = await standing(asked, room, (all) => joined(all).endsWith("word 0899"));
  expect(joined(said).match(/word \d{4}/g)).toHaveLength(900);
  expect(said.map(({ reply_markup }) => reply_markup !== undefined)).toEqual([false, false, true]);
});
