import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";
import { forumId, inThread, me, type PageMessage, said, state } from "./sandbox-of-four.ts";

interface Row {
  readonly title: string;
  readonly forum?: string;
  readonly unread: number;
}

const { listRows, botsWithoutChat, initials, colourOf, topicOf, preview, nameOf } =
  await pageModule<{
    listRows: (model: unknown, search?: string) => { direct: Row[]; groups: Row[] };
    botsWithoutChat: (model: unknown) => { name: string }[];
    colourOf: (model: unknown, id: number) => number;
    initials: (name: string) => string;
    topicOf: (message: unknown) => number;
    preview: (message: unknown) => string;
    nameOf: (user: unknown) => string;
  }>("model/conversations.js");

function model(messages: readonly (readonly [number, PageMessage[]])[] = []) {
  return { ...state, messages: new Map(messages), unread: new Map([["12:0", 2]]) };
}
const titles = (rows: readonly Row[]): string[] => rows.map(({ title }) => title);

describe("the list of chats", () => {
  it("shows private chats by their bot, and says who speaks when it is not the reader", () => {
    expect(titles(listRows(model()).direct)).toEqual(["main", "treasury", "main as Anna K"]);
  });

  it("puts the chat that moved last first", () => {
    const moved = model([
      [12, [said(3, 2, "hi")]],
      [13, [said(2, 1, "hi")]],
    ]);
    expect(titles(listRows(moved).direct)).toEqual(["treasury", "main as Anna K", "main"]);
  });

  it("keeps a forum's topics together below General, and moves the whole forum", () => {
    expect(titles(listRows(model()).groups)).toEqual(["Traders", "General", "Ideas", "Build"]);
    const moved = model([[forumId, [said(9, me, "new", inThread(6))]]]);
    expect(titles(listRows(moved).groups)).toEqual(["General", "Build", "Ideas", "Traders"]);
  });

  it("finds chats, topics, and the topics of a forum by its name", () => {
    expect(titles(listRows(model(), " TREAS ").direct)).toEqual(["treasury"]);
    expect(titles(listRows(model(), "idea").groups)).toEqual(["Ideas"]);
    expect(titles(listRows(model(), "lab").groups)).toEqual(["General", "Ideas", "Build"]);
    expect(listRows(model(), "nobody")).toEqual({ direct: [], groups: [] });
  });

  it("shows a supergroup in the place of the group that it was", () => {
    const [group, ...others] = state.chats.filter(({ type }) => type === "group");
    const chats = [
      { ...group, migrated_to: -100_300 },
      { ...group, id: -100_300, title: "Big" },
    ];
    const rows = listRows({ ...model(), chats: [...chats, ...others] }).groups;
    expect(titles(rows)).toEqual(["Big"]);
  });

  it("shows the topics of a private chat among the private chats", () => {
    const [chat] = state.chats;
    const topics = [{ message_thread_id: 4, name: "Plan", closed: false }];
    const { direct } = listRows({ ...model(), chats: [{ ...chat, is_forum: true, topics }] });
    expect(direct.map(({ title, forum }) => [title, forum])).toEqual([
      ["General", "main"],
      ["Plan", "main"],
    ]);
  });

  it("counts what was not seen yet", () => {
    expect(listRows(model()).direct.map(({ unread }) => unread)).toEqual([0, 2, 0]);
  });

  it("knows the bots that the reader has not met", () => {
    expect(botsWithoutChat(model()).map(({ name }) => name)).toEqual(["buy_tracker"]);
  });
});

describe("a message", () => {
  it("belongs to a topic only where it says so: supergroups put a thread id on replies too", () => {
    expect(topicOf(said(1, me, "x", inThread(5)))).toBe(5);
    expect(topicOf(said(1, me, "x", { message_thread_id: 5 }))).toBe(0);
  });

  it.each([
    [said(1, me, "two\n lines"), "two lines"],
    [{ photo: [] }, "Photo"],
    [{ photo: [], caption: "a cat" }, "a cat"],
    [{ forum_topic_created: { name: "Ideas" } }, 'Topic "Ideas" created'],
    [{ document: { file_name: "a.pdf" } }, "a.pdf"],
    [{ rich_message: { blocks: [{ type: "paragraph", text: "rich" }] } }, "rich"],
    [{ forum_topic_edited: { name: "New" } }, 'Topic renamed to "New"'],
    [{ migrate_to_chat_id: -1 }, "The group has become a supergroup"],
    [{ new_chat_members: [{ first_name: "Anna" }] }, "Anna joined"],
    [{}, "Message"],
  ])("is told in one line", (message, line) => {
    expect(preview(message)).toBe(line);
  });
});

describe("names", () => {
  it.each([
    ["main", "M"],
    ["buy_tracker", "BT"],
    ["Anna Maria K", "AM"],
    ["!!", "?"],
    ["👍 ok", "O"],
  ])("%s has the initials %s", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it("of bots have different colours, and the same ones always", () => {
    expect(state.bots.map(({ id }) => colourOf(state, id))).toEqual([0, 1, 2]);
    expect(colourOf(state, -701)).toBe(colourOf(state, 701));
  });

  it("are never empty", () => {
    expect(nameOf(undefined)).toBe("Somebody");
    expect(nameOf({ username: "x" })).toBe("x");
  });
});
