import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderPlace, memoryPlace } from "../../../supervisor/sandbox/files/file-place.ts";
import { FileStore } from "../../../supervisor/sandbox/files/file-store.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-files-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const document = (bytes: string, name = "a.txt") =>
  ({ kind: "document", name, type: "text/plain", bytes: Buffer.from(bytes) }) as const;
const limits = { bytes: 10, files: 3 };

describe("the store of files", () => {
  it.each([
    ["memory", () => memoryPlace()],
    ["a folder", () => folderPlace(dir)],
  ])("gives back from %s what it was given", async (_, place) => {
    const store = new FileStore(place(), Math.random);
    const file = await store.add(document("hello"));
    expect(store.withId(file.fileId)).toEqual(file);
    expect(store.withPath(file.path)).toEqual(file);
    expect(store.withUniqueId(file.uniqueId)).toEqual(file);
    expect((await store.read(file))?.toString()).toBe("hello");
  });

  it("forgets the oldest files beyond a number, and beyond a size", async () => {
    const store = new FileStore(folderPlace(dir), Math.random, [], limits);
    const files = [];
    for (const bytes of ["1", "2", "3", "4"]) files.push(await store.add(document(bytes)));
    expect(readdirSync(dir).toSorted()).toEqual(
      files
        .slice(1)
        .map(({ uniqueId }) => uniqueId)
        .toSorted(),
    );
    const large = await store.add(document("123456789"));
    expect(store.save().map(({ uniqueId }) => uniqueId)).toEqual([
      files[3]?.uniqueId,
      large.uniqueId,
    ]);
    expect(store.withId(files[0]?.fileId ?? "")).toBeUndefined();
  });

  it("keeps the newest file even when it alone is too large", async () => {
    const store = new FileStore(memoryPlace(), Math.random, [], limits);
    await store.add(document("x"));
    const file = await store.add(document("x".repeat(50)));
    expect(store.save()).toEqual([file]);
  });

  it("counts what a killed run left behind, and drops that first", async () => {
    writeFileSync(join(dir, "orphan"), "12345");
    const store = new FileStore(folderPlace(dir), Math.random, [], limits);
    await store.add(document("123456"));
    expect(readdirSync(dir)).not.toContain("orphan");
    expect(store.save()).toHaveLength(1);
  });

  it("says so when a file was removed from the disk", async () => {
    const store = new FileStore(folderPlace(dir), Math.random);
    const file = await store.add(document("x"));
    rmSync(join(dir, file.uniqueId));
    expect(await store.read(file)).toBeUndefined();
  });

  it("gives no path twice after a restart", async () => {
    const first = new FileStore(folderPlace(dir), Math.random);
    const before = await first.add(document("x"));
    const second = new FileStore(folderPlace(dir), Math.random, first.save());
    expect((await second.add(document("y"))).path).not.toBe(before.path);
  });
});
