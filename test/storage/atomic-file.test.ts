import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomic, writeFileAtomicSync } from "../../shared/storage/atomic-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atomic-file-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const writers = [
  { name: "writeFileAtomic", write: writeFileAtomic },
  {
    name: "writeFileAtomicSync",
    write: async (...args: Parameters<typeof writeFileAtomicSync>) => writeFileAtomicSync(...args),
  },
];

describe.each(writers)("$name", ({ write }) => {
  it("makes missing folders for their owner alone and the file too", async () => {
    const path = join(folder, "state", "deep", "lease.yaml");
    await write(path, "one");
    expect(readFileSync(path, "utf8")).toBe("one");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o700);
  });

  it("replaces the old text and leaves nothing beside it", async () => {
    const path = join(folder, "file");
    await write(path, "a long old text");
    await write(path, "new", { mode: 0o640 });
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("removes its draft when the target cannot be replaced", async () => {
    const path = join(folder, "in-the-way");
    mkdirSync(path);
    await expect(write(path, "text")).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    expect(readdirSync(folder)).toEqual(["in-the-way"]);
  });
});

describe("overlapping writers", () => {
  it("end with one whole text", async () => {
    const path = join(folder, "file");
    const texts = Array.from({ length: 20 }, (_, number) => `${number}-`.repeat(1000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});
