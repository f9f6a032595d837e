import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";

interface Chosen {
  readonly type: string;
  readonly size: number;
}

const { byteSize, fileAddress, filesToSend, groupAlbums } = await pageModule<{
  byteSize: (bytes?: number) => string;
  fileAddress: (file: { file_unique_id: string }) => string;
  groupAlbums: (messages: readonly object[]) => { message_id: number }[][];
  filesToSend: (
    files: readonly Chosen[],
    choices: { asFiles: boolean; caption: string; newId: () => string },
  ) => { kind: string; file: Chosen; media_group_id?: string; caption?: string }[];
}>("model/media.js");

const picture = { type: "image/png", size: 1000 };
const text = { type: "text/plain", size: 5 };

function sent(files: readonly Chosen[], { asFiles = false, caption = "" } = {}) {
  let last = 0;
  const newId = () => {
    last += 1;
    return `g${last}`;
  };
  return filesToSend(files, { asFiles, caption, newId }).map(
    ({ kind, media_group_id = "-", caption: words = "" }) => `${kind} ${media_group_id} ${words}`,
  );
}

const message = (message_id: number, media_group_id?: string) => ({
  message_id,
  ...(media_group_id && { media_group_id }),
});

describe("the size of a file", () => {
  it.each([
    [undefined, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KB"],
    [12_700, "12.4 KB"],
    [500_000, "488 KB"],
    [3 * 2 ** 20, "3 MB"],
  ])("%s is %s", (bytes, shown) => {
    expect(byteSize(bytes)).toBe(shown);
  });
});

describe("albums", () => {
  it("are the messages of one group that follow each other", () => {
    const messages = [
      message(1),
      message(2, "a"),
      message(3, "a"),
      message(4, "b"),
      message(5),
      message(6),
    ];
    const ids = groupAlbums(messages).map((album) => album.map(({ message_id }) => message_id));
    expect(ids).toEqual([[1], [2, 3], [4], [5], [6]]);
  });
});

describe("files to send", () => {
  it("alone go without an album, the words with them", () => {
    expect(sent([picture], { caption: "see" })).toEqual(["photos - see"]);
    expect(sent([text])).toEqual(["documents - "]);
  });

  it("go as photos and documents in albums of their own", () => {
    expect(sent([picture, text, picture], { caption: "see" })).toEqual([
      "photos g1 see",
      "photos g1 ",
      "documents - ",
    ]);
  });

  it("go as documents where that is wanted, or a picture is too large for a photo", () => {
    expect(sent([picture, picture], { asFiles: true })).toEqual(["documents g1 ", "documents g1 "]);
    expect(sent([{ type: "image/png", size: 10 * 2 ** 20 + 1 }])).toEqual(["documents - "]);
    expect(sent([{ type: "image/svg+xml", size: 10 }])).toEqual(["documents - "]);
  });

  it("go as voice messages, each alone, where they can be heard as such", () => {
    const voice = { type: "audio/ogg", size: 5 };
    expect(sent([voice, voice, picture], { caption: "hear" })).toEqual([
      "photos - hear",
      "voices - ",
      "voices - ",
    ]);
    expect(sent([voice], { asFiles: true })).toEqual(["documents - "]);
  });

  it("fill albums of ten", () => {
    const groups = sent(Array.from({ length: 21 }, () => picture));
    expect(groups.filter((line) => line.startsWith("photos g1"))).toHaveLength(10);
    expect(groups.filter((line) => line.startsWith("photos g2"))).toHaveLength(10);
    expect(groups.at(-1)).toBe("photos - ");
  });
});

describe("the address of a file", () => {
  it("stays inside the sandbox, whatever its id", () => {
    expect(fileAddress({ file_unique_id: "../x" })).toBe("/sandbox/files/..%2Fx");
  });
});
